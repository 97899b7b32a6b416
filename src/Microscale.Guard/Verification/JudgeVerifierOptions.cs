namespace Microscale.Guard;

/// <summary>Settings of <see cref="JudgeVerifier"/>. Read once, when the verifier is created.</summary>
public sealed class JudgeVerifierOptions
{
    /// <summary>Whether the judge is asked a second time with everything in reverse order, and only equal verdicts count. Doubles
    /// the cost.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool SwapOrder { get; set; } = true;

    /// <summary>The most tokens of the judge's answer.</summary>
    /// <value>The default value is 1,024.</value>
    public int? MaxOutputTokens { get; set; } = 1024;

    internal JudgeVerifierOptions Validated() => MaxOutputTokens < 1
        ? throw new ArgumentOutOfRangeException(
            nameof(MaxOutputTokens), MaxOutputTokens, $"{nameof(JudgeVerifierOptions)}.{nameof(MaxOutputTokens)} must be at least 1, or null.")
        : (JudgeVerifierOptions)MemberwiseClone();
}
