using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class UncalibratedThresholdTests
{
    private static readonly Verify Threshold = new("MSG007");

    [Fact]
    public async Task ConstantThresholds_AreReported() => await Threshold.ReportsInMethodAsync("""
        const double Limit = 0.7;
        injected.AsBuilder().UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow([|0.6|]));
        injected.AsBuilder().UseHallucinationGuard(guard => guard.AbstainBelow([|Limit|]));
        _ = new ConfidenceThresholdPolicy([|0.5|]);
        ConfidenceThresholdPolicy policy = new([|0.5|]) { WhenUnavailable = FaultAction.Abstain };
        var report = (await injected.GetResponseAsync("q")).GetGuardReport();
        if (report?.Confidence?.Value > [|0.8|] || [|1|] <= report!.Confidence!.Value) { }
        """);

    [Fact]
    public async Task ThresholdsFromElsewhere_AreSilent() => await Threshold.ReportsInMethodAsync("""
        double configured = double.Parse(Environment.GetEnvironmentVariable("LIMIT")!);
        injected.AsBuilder().UseHallucinationGuard(guard => guard.AbstainBelow(configured));
        _ = new ConfidenceThresholdPolicy(minimum: configured);
        var report = (await injected.GetResponseAsync("q")).GetGuardReport();
        if (report?.Confidence?.Value > configured) { }
        int? other = 1;
        if (other.Value > 2) { }
        List<int> numbers = new(5);
        var calibratedLimit = new ConfidenceThresholdPolicy(0.5);
        """);
}
