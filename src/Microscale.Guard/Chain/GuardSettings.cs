using Microsoft.Extensions.Configuration;

namespace Microscale.Guard;

/// <summary>The guard's section of a configuration.</summary>
internal sealed class GuardSettings(
    GroundingOptions grounding, ConfidenceOptions confidence, VerificationOptions verification, AbstentionOptions abstention)
{
    public double? AbstainBelow { get; set; }

    public CalibrationSettings? Calibration { get; set; }

    public TokenPrices? Prices { get; set; }

    public GroundingOptions Grounding { get; } = grounding;

    public ConfidenceOptions Confidence { get; } = confidence;

    public VerificationOptions Verification { get; } = verification;

    public AbstentionOptions Abstention { get; } = abstention;

    public GuardSettings ReadFrom(IConfiguration section)
    {
        if (section is IConfigurationSection named && !named.Exists())
        {
            throw new InvalidOperationException(
                $"The configuration has no section '{named.Path}': add it, or leave {nameof(HallucinationGuardBuilder.Configure)} out.");
        }

        // A misspelt name must not pass for a setting.
        section.Bind(this, options => options.ErrorOnUnknownConfiguration = true);
        return this;
    }

    public void ApplyTo(HallucinationGuardBuilder guard)
    {
        if (AbstainBelow is { } confidence)
        {
            guard.AbstainBelow(confidence);
        }

        Calibration?.ApplyTo(guard);
        if (Prices is { } prices)
        {
            guard.PriceTokens(prices);
        }
    }

    /// <summary>Which calibration decides, and how.</summary>
    internal sealed class CalibrationSettings
    {
        public string? File { get; set; }

        public double? ErrorRate { get; set; }

        public RiskControlMethod Method { get; set; }

        public double? CostOfWrongAnswer { get; set; }

        public double? CostOfSilence { get; set; }

        public void ApplyTo(HallucinationGuardBuilder guard)
        {
            if (string.IsNullOrWhiteSpace(File))
            {
                throw new InvalidOperationException("Calibration:File is not set: name the file of the calibration artefact.");
            }

            var calibration = CalibrationArtefact.Load(File);
            _ = (ErrorRate, CostOfWrongAnswer, CostOfSilence) switch
            {
                ({ } rate, null, null) => guard.AbstainToMeet(rate, calibration, Method),
                (null, { } wrong, { } silence) => guard.AbstainByCost(wrong, silence, calibration),
                _ => throw new InvalidOperationException(
                    "Calibration needs either ErrorRate, or CostOfWrongAnswer and CostOfSilence: set one of the two."),
            };
        }
    }
}
