using CsCheck;

namespace Microscale.Guard.Tests.Calibration;

public class RiskControlTests
{
    private const int Draws = 2000;

    public static TheoryData<RiskControlMethod> Methods => [.. Enum.GetValues<RiskControlMethod>()];

    public static TheoryData<RiskControlMethod, string> Simulations
    {
        get
        {
            var data = new TheoryData<RiskControlMethod, string>();
            foreach (var method in (RiskControlMethod[])[RiskControlMethod.LearnThenTest, RiskControlMethod.GuaranteedSelection])
            {
                foreach (var risk in Risks.Keys)
                {
                    data.Add(method, risk);
                }
            }

            return data;
        }
    }

    /// <summary>The error rate by score, and its mean above a threshold. "edge" is just above the target everywhere, so that
    /// every threshold that is found breaks it.</summary>
    private static Dictionary<string, (Func<double, double> At, Func<double, double> Above)> Risks { get; } = new()
    {
        ["falling"] = (s => 0.5 * (1 - s), t => 0.25 * (1 - t)),
        ["steep"] = (s => s < 0.6 ? 0.6 : 0.02, t => t >= 0.6 ? 0.02 : ((0.6 * (0.6 - t)) + (0.02 * 0.4)) / (1 - t)),
        ["edge"] = (_ => 0.1001, _ => 0.1001),
    };

    [Theory, MemberData(nameof(Simulations))]
    public void Guarantee_OverManyCalibrations_FailsInAtMostDeltaOfThem(RiskControlMethod method, string name)
    {
        const double Alpha = 0.1;
        const double Delta = 0.1;
        var risk = Risks[name];
        var random = new Random(20260);
        var (failed, found, coverage) = (0, 0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var guarantee = RiskControl.Control(method, Labelled.Draw(random, 400, risk.At), Alpha, Delta);
            if (guarantee.Threshold is { } threshold)
            {
                found++;
                coverage += guarantee.Coverage;
                failed += risk.Above(threshold) > Alpha ? 1 : 0;
            }
        }

        // Three standard errors of the share.
        Assert.InRange(failed, 0, Draws * (Delta + (3 * Math.Sqrt(Delta * (1 - Delta) / Draws))));
        Assert.True(name == "edge" || (found > Draws * 0.2 && coverage / found > 0.15), $"{found} found, covering {coverage / found:P0}");
        Assert.True(name != "edge" || method != RiskControlMethod.LearnThenTest || failed > Draws * 0.03, $"too careful: {failed}");
    }

    [Fact]
    public void ConformalRiskControl_OverManyCalibrations_KeepsTheMeanOfWrongAnswersAmongAll()
    {
        const double Alpha = 0.05;
        var random = new Random(7);
        var sum = 0.0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var threshold = RiskControl.ControlConformally(Labelled.Draw(random, 200, s => 0.5 * (1 - s)), Alpha).Threshold ?? 1;

            // The chance that the next question is answered, and wrongly: ∫ 0.5 (1 − s) ds from the threshold on.
            sum += 0.25 * (1 - threshold) * (1 - threshold);
        }

        Assert.InRange(sum / Draws, Alpha * 0.9, Alpha * 1.01);
    }

    [Fact]
    public void LearnThenTest_GoesDownWhileTheTailIsSmall()
    {
        // α = 0.1, δ = 0.1: 22 answers bear no wrong one, 38 bear one, 52 two. 60 right ones, then only wrong ones.
        var pairs = Enumerable.Range(0, 100).Select(i => new LabelledScore(1 - (i / 100.0), i < 60)).ToArray();

        var guarantee = RiskControl.LearnThenTest(pairs, 0.1);

        // The first k where P[Bin(60 + k, 0.1) ≤ k] > 0.1 ends it: 65 bear two, 66 bear three (P = 0.098), 67 with 4 wrong do not.
        var last = Enumerable.Range(0, 40).TakeWhile(k => Tail(k, 60 + k) <= 0.1).Last();
        Assert.Equal((60 + last) / 100.0, guarantee.Coverage, 1e-12);
        Assert.Equal(1 - ((59 + last) / 100.0), guarantee.Threshold!.Value, 1e-12);
        Assert.Equal((double)last / (60 + last), guarantee.ObservedError, 1e-12);
    }

    [Fact]
    public void LearnThenTest_WrongAnswersAtTheTop_IsInfeasible()
    {
        var guarantee = RiskControl.LearnThenTest(Enumerable.Range(0, 500).Select(i => new LabelledScore(1 - (i / 500.0), i > 20)), 0.05);

        Assert.False(guarantee.IsFeasible);
        Assert.Null(guarantee.Threshold);
        Assert.Equal(0, guarantee.Coverage);
        Assert.Contains("infeasible", guarantee.ToString());
    }

    [Fact]
    public void LearnThenTest_TooFewAnswers_IsInfeasibleHoweverRightTheyAre()
    {
        // ln 0.1 / ln 0.95 = 44.9: 44 right answers do not show 5 %, 45 do.
        Assert.False(RiskControl.LearnThenTest(Enumerable.Repeat(new LabelledScore(1, true), 44), 0.05).IsFeasible);
        Assert.True(RiskControl.LearnThenTest(Enumerable.Repeat(new LabelledScore(1, true), 45), 0.05).IsFeasible);
    }

    [Fact]
    public void ConformalRiskControl_IsTheLowestThresholdOfTheFormula()
    {
        // n = 99, α = 0.05: (k + 1) / 100 ≤ 0.05 bears four wrong ones.
        var pairs = Enumerable.Range(0, 99).Select(i => new LabelledScore(1 - (i / 99.0), i % 10 != 9));

        var guarantee = RiskControl.ControlConformally(pairs, 0.05);

        // The fifth wrong one is at index 49.
        Assert.Equal(49 / 99.0, guarantee.Coverage, 1e-12);
        Assert.Null(guarantee.Delta);
        Assert.False(RiskControl.ControlConformally([new(1, true)], 0.05).IsFeasible);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Threshold_OfAHigherErrorRate_IsNoHigher(RiskControlMethod method) =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Double[0.01, 0.5], Gen.Double[0.01, 0.5]).Sample((seed, a, b) =>
        {
            var pairs = Labelled.Draw(new Random(seed), 300, s => 0.4 * (1 - s));
            var (strict, lax) = (RiskControl.Control(method, pairs, Math.Min(a, b), 0.1), RiskControl.Control(method, pairs, Math.Max(a, b), 0.1));

            // The fixed sequence of Learn then Test starts elsewhere for another rate, so only its findings compare.
            Assert.True(
                !strict.IsFeasible || method == RiskControlMethod.LearnThenTest || (lax.IsFeasible && lax.Threshold <= strict.Threshold),
                $"{strict} {lax}");
            Assert.True(strict.Threshold is null || lax.Threshold is null || lax.Threshold <= strict.Threshold, $"{strict} {lax}");
        }, iter: 200);

    [Theory, MemberData(nameof(Methods))]
    public void Threshold_IsTheCountThatWasTested(RiskControlMethod method) => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        // Scores that tie: all answers of a score are let through together.
        var pairs = Labelled.Draw(new Random(seed), 300, s => 0.3 * (1 - s)).Select(p => p with { Score = Math.Round(p.Score, 1) }).ToArray();
        if (RiskControl.Control(method, pairs, 0.1, 0.1) is { Threshold: { } threshold } guarantee)
        {
            var answered = pairs.Where(p => p.Score >= threshold).ToArray();
            Assert.Equal(answered.Length / 300.0, guarantee.Coverage, 1e-12);
            Assert.Equal(answered.Count(p => !p.IsCorrect) / (double)answered.Length, guarantee.ObservedError, 1e-12);
        }
    }, iter: 100);

    [Fact]
    public void Targets_ThatCannotBe_SayWhatToChange()
    {
        Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => RiskControl.LearnThenTest([new(1, true)], 0)).Message);
        Assert.Contains("at most 0.5", Assert.Throws<ArgumentOutOfRangeException>(() => RiskControl.LearnThenTest([new(1, true)], 0.1, 0.6)).Message);
    }

    /// <summary>P[Bin(n, 0.1) ≤ k], summed plainly.</summary>
    private static double Tail(int k, int n)
    {
        var (sum, term) = (0.0, Math.Pow(0.9, n));
        for (var j = 0; j <= k; j++)
        {
            sum += term;
            term *= (double)(n - j) / (j + 1) / 9;
        }

        return sum;
    }
}
