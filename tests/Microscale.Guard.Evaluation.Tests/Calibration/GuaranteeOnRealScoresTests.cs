using System.Globalization;

namespace Microscale.Guard.Evaluation.Tests.Calibration;

/// <summary>The guarantee on real scores: the support that the local entailment verifier gave to labelled claims
/// (<c>microscale eval --kind groundedness</c>; docs/benchmarks.md). Only scores and labels are kept here.</summary>
public class GuaranteeOnRealScoresTests
{
    private const double Delta = 0.1;

    [Theory]
    [InlineData("begin-wow")]
    [InlineData("")]
    public void LearnThenTest_TwoHundredHalves_ExceedsTenPercentInAtMostDeltaOfThem(string set)
    {
        var check = GuaranteeCheck.Run(Scores(set), errorRate: 0.1, Delta, splits: 200);

        Assert.Equal(200, check.Splits);
        Assert.InRange(check.Feasible, 50, 200);
        Assert.InRange(check.ExceededShare, 0, Delta);
        Assert.InRange(check.MeanRisk!.Value, 0, 0.1);
    }

    [Fact]
    public void NoControl_SameHalves_ExceedsItInAll() =>
        Assert.Equal(1, GuaranteeCheck.Run(Scores(""), 0.1, Delta, splits: 20, control: (_, rate, delta) => new(RiskControlMethod.LearnThenTest, rate, delta) { Threshold = 0.5 }).ExceededShare);

    // One half is a sample: its error strays from .015 to .056 around a median of .032.
    [Fact]
    public void Isotonic_RandomHalf_CalibratesTheOtherHalf()
    {
        var errors = Enumerable.Range(0, 40).Select(seed =>
        {
            LabelledScore[] scores = [.. Scores("")];
            new Random(seed).Shuffle(scores);
            var calibrator = Calibrator.Fit(CalibrationMethod.Isotonic, scores.Take(scores.Length / 2));
            return CalibrationMetrics.Ece([.. scores.Skip(scores.Length / 2).Select(p => p with { Score = calibrator.Apply(p.Score) })]);
        });

        Assert.InRange(errors.Average(), 0, 0.05);
    }

    private static IReadOnlyList<LabelledScore> Scores(string set) =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Calibration", "groundedness-scores.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Where(parts => set.Length == 0 || parts[0] == set)
            .Select(parts => new LabelledScore(double.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == "1")),
    ];
}
