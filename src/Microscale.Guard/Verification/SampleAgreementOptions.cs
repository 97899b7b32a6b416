namespace Microscale.Guard;

/// <summary>Settings of <see cref="SampleAgreementVerifier"/>. Read once, when the verifier is created.</summary>
public sealed class SampleAgreementOptions
{
    /// <summary>How many further answers are drawn.</summary>
    /// <value>From 1 to 50. The default value is 3.</value>
    public int SampleCount { get; set; } = 3;

    /// <summary>The temperature of the samples: they must be able to differ.</summary>
    /// <value>Above 0. The default value is 1.</value>
    public float Temperature { get; set; } = 1;

    /// <summary>The most tokens of a sample.</summary>
    /// <value>The default value is <see langword="null"/>: what the client allows.</value>
    public int? MaxOutputTokens { get; set; }

    /// <summary>The least mean probability of entailment of a supported claim. It is not calibrated and no error rate.</summary>
    /// <value>The default value is 0.5.</value>
    public double SupportThreshold { get; set; } = 0.5;

    internal SampleAgreementOptions Validated()
    {
        const string Prefix = nameof(SampleAgreementOptions) + ".";
        if (SampleCount is < 1 or > 50)
        {
            throw new ArgumentOutOfRangeException(nameof(SampleCount), SampleCount, Prefix + $"{nameof(SampleCount)} must be from 1 to 50.");
        }

        if (!(Temperature > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, Prefix + $"{nameof(Temperature)} must be above 0: samples that cannot differ always agree.");
        }

        if (SupportThreshold is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(SupportThreshold), SupportThreshold, Prefix + $"{nameof(SupportThreshold)} must be above 0 and at most 1: it is compared with a probability.");
        }

        return (SampleAgreementOptions)MemberwiseClone();
    }
}
