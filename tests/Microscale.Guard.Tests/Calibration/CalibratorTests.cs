using CsCheck;

namespace Microscale.Guard.Tests.Calibration;

public class CalibratorTests
{
    private static readonly Gen<LabelledScore[]> Pairs = Gen.Select(
        // A coarse grid, so that scores tie, and the ends.
        Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 5].Select(i => i / 5.0)), Gen.Bool, (score, right) => new LabelledScore(score, right)).Array[1, 60];

    public static TheoryData<CalibrationMethod> Methods => [.. Enum.GetValues<CalibrationMethod>()];

    [Theory, MemberData(nameof(Methods))]
    public void Apply_AnyScores_NeverReorders(CalibrationMethod method) =>
        Gen.Select(Pairs, Gen.Double[0, 1].Array[2, 20]).Sample((pairs, scores) =>
        {
            var calibrator = Calibrator.Fit(method, pairs);
            var values = scores.Order().Select(calibrator.Apply).ToArray();
            Assert.Null(calibrator.Flaw());
            Assert.All(values, v => Assert.InRange(v, 0, 1));
            Assert.Equal(values.Order(), values);
        }, iter: 500);

    [Fact]
    public void Isotonic_AtEachScore_IsTheBestRisingFit() => Pairs.Sample(pairs =>
    {
        // The formula of Barlow et al. 1972: the largest over beginnings of the smallest over ends of the mean between them.
        var calibrator = Calibrator.Fit(CalibrationMethod.Isotonic, pairs);
        var groups = pairs.GroupBy(p => p.Score).OrderBy(g => g.Key).Select(g => (Score: g.Key, Right: g.Count(p => p.IsCorrect), All: g.Count())).ToArray();
        for (var i = 0; i < groups.Length; i++)
        {
            var expected = Enumerable.Range(0, i + 1).Max(a => Enumerable.Range(i, groups.Length - i).Min(b =>
                groups[a..(b + 1)].Sum(g => (double)g.Right) / groups[a..(b + 1)].Sum(g => g.All)));
            Assert.Equal(expected, calibrator.Apply(groups[i].Score), 1e-12);
        }
    }, iter: 300);

    [Fact]
    public void Isotonic_BetweenAndBeyondScores_InterpolatesAndStaysLevel()
    {
        var calibrator = Calibrator.Fit(CalibrationMethod.Isotonic, [new(0.2, false), new(0.4, true), new(0.4, false), new(0.8, true)]);

        Assert.Equal(0, calibrator.Apply(0.1));
        Assert.Equal(0.25, calibrator.Apply(0.3), 1e-12);
        Assert.Equal(0.75, calibrator.Apply(0.6), 1e-12);
        Assert.Equal(1, calibrator.Apply(0.9));
    }

    [Fact]
    public void Platt_AtTheFit_HasNoSlopeLeft() => Pairs.Sample(pairs =>
    {
        var calibrator = PlattCalibrator.Fit(pairs);
        var right = pairs.Count(p => p.IsCorrect);
        var (high, low) = ((right + 1.0) / (right + 2), 1.0 / (pairs.Length - right + 2));
        var residuals = pairs.Select(p => (p.Score, Error: calibrator.Apply(p.Score) - (p.IsCorrect ? high : low))).ToArray();

        Assert.Equal(0, residuals.Sum(r => r.Error), 1e-5);
        var slope = residuals.Sum(r => r.Error * r.Score);
        Assert.True(Math.Abs(slope) < 1e-5 || (calibrator.Slope == 0 && slope > -1e-5), $"{slope} at {calibrator.Slope}");
    }, iter: 500);

    [Fact]
    public void Temperature_OfScoresThatAreTooSure_FlattensThemByAsMuch()
    {
        // Right with σ(logit(s) / 2): expected labels as shares of many pairs.
        var pairs = Enumerable.Range(1, 99).SelectMany(i =>
        {
            var odds = Math.Sqrt(i / (100.0 - i));
            var right = (int)Math.Round(2000 * odds / (1 + odds));
            return Enumerable.Range(0, 2000).Select(n => new LabelledScore(i / 100.0, n < right));
        });

        var calibrator = Assert.IsType<TemperatureCalibrator>(Calibrator.Fit(CalibrationMethod.Temperature, pairs));

        Assert.Equal(2, calibrator.Temperature, 0.01);
        Assert.Equal(0.5, calibrator.Apply(0.5), 1e-12);
        Assert.Equal(0.75, calibrator.Apply(0.9), 0.002);
    }

    [Fact]
    public void Histogram_OfBinsInOrder_IsTheShareOfEach()
    {
        // 20 pairs make two bins: 3 of 10 right below 0.5, 8 of 10 above.
        var pairs = Enumerable.Range(0, 10).Select(i => new LabelledScore(i / 20.0, i < 3))
            .Concat(Enumerable.Range(0, 10).Select(i => new LabelledScore(0.5 + (i / 20.0), i < 8)));

        var calibrator = Calibrator.Fit(CalibrationMethod.Histogram, pairs);

        Assert.Equal(0.3, calibrator.Apply(0), 1e-12);
        Assert.Equal(0.3, calibrator.Apply(0.499), 1e-12);
        Assert.Equal(0.8, calibrator.Apply(0.5), 1e-12);
        Assert.Equal(0.8, calibrator.Apply(1), 1e-12);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Fit_OfScoresTheWrongWayRound_IsLevel(CalibrationMethod method)
    {
        var calibrator = Calibrator.Fit(method, Enumerable.Range(0, 100).Select(i => new LabelledScore(i / 99.0, i < 50)));

        // Temperature has no offset to level at: it goes as flat as it may.
        Assert.InRange(calibrator.Apply(0.9) - calibrator.Apply(0.1), 0, method == CalibrationMethod.Temperature ? 0.02 : 1e-9);
        Assert.Equal(0.5, calibrator.Apply(0.3), 0.02);
    }

    [Fact]
    public void BadInput_SaysWhatToChange()
    {
        Assert.Contains("There are no labelled scores", Assert.Throws<ArgumentException>(() => Calibrator.Fit(CalibrationMethod.Platt, [])).Message);
        Assert.Contains("A labelled score is NaN", Assert.Throws<ArgumentException>(() => Calibrator.Fit(CalibrationMethod.Platt, [new(double.NaN, true)])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Calibrator.Fit(CalibrationMethod.Platt, [new(0.5, true)]).Apply(1.1));
    }
}
