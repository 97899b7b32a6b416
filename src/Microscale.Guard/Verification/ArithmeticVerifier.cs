namespace Microscale.Guard;

/// <summary>Recomputes the arithmetic of a claim.</summary>
/// <remarks>
/// Read are sums, differences, products and quotients of numbers ("12 × 12 = 144", "3 plus 4 is 7", "20% of 50 is 10"). A
/// result that is wrong by more than its last digit's rounding makes the claim Contradicted, with the right result. A claim
/// that is nothing but right arithmetic is Supported, and that is proof: no evidence is needed, and no other verifier is asked.
/// On all else there is no opinion, also where a right sum is part of a claim: what is summed may be false. Safe for
/// concurrent callers.
/// </remarks>
public sealed class ArithmeticVerifier : IClaimVerifier
{
    /// <inheritdoc/>
    public string Name => "arithmetic";

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.Rule;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new([.. context.Claims.Select(c => Judge(c.Text))]);
    }

    private VerifierFinding? Judge(string claim)
    {
        var equations = Equation.Find(claim);
        if (equations.FirstOrDefault(e => !e.IsRight) is { } wrong)
        {
            return new VerifierFinding(Name, Verdict.Contradicted) { Score = 1, Explanation = $"{wrong.Expression} is {wrong.Right}, not {wrong.Result}." };
        }

        return equations.Count > 0 && equations.Aggregate(claim, (rest, e) => rest.Replace(e.Text, "", StringComparison.Ordinal)) is var rest
            && !rest.Any(char.IsDigit) && !SmallWords.HasOther(rest)
            ? new VerifierFinding(Name, Verdict.Supported) { Score = 1, IsProof = true }
            : null;
    }

    private static class SmallWords
    {
        private static readonly string[] Words = ["so", "thus", "hence", "therefore", "and", "because", "since", "that", "is", "the", "result", "answer", "total"];

        public static bool HasOther(string text) => text
            .Split([' ', ',', '.', ';', ':', '!', '(', ')', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Any(w => !Words.Contains(w, StringComparer.OrdinalIgnoreCase));
    }
}
