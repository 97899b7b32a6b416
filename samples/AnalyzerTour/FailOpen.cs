using Microscale.Guard;

namespace AnalyzerTour;

internal static class FailOpen
{
    public static IAbstentionPolicy Policy { get; } = new VerdictPolicy { WhenVerifierFails = FaultAction.Proceed }; // MSG008
}
