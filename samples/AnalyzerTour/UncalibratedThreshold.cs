using Microscale.Guard;

namespace AnalyzerTour;

internal static class UncalibratedThreshold
{
    public static void Configure(HallucinationGuardBuilder guard) =>
        guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6); // MSG007
}
