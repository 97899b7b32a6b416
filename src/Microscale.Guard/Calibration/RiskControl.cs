namespace Microscale.Guard;

/// <summary>Finds the lowest threshold on a raw score that keeps errors below a target, with a guarantee for samples of
/// finite size.</summary>
/// <remarks>What is promised holds for answers that are exchangeable with the labelled ones: same questions, model, prompt and
/// scorer. A target that no threshold is shown to meet is infeasible, and is reported so. All members are safe for concurrent
/// callers.</remarks>
public static class RiskControl
{
    /// <summary>How many wrong answers the first test of <see cref="LearnThenTest"/> can bear.</summary>
    private const int FirstTolerance = 2;

    /// <summary>Learn then Test: with probability 1 − δ over the labelled answers, the error among the answered is at
    /// most α.</summary>
    /// <param name="pairs">Labelled answers.</param>
    /// <param name="errorRate">α, between 0 and 1, both excluded.</param>
    /// <param name="delta">δ, above 0 and at most 0.5.</param>
    /// <remarks>
    /// <para>Angelopoulos et al. 2021, "Learn then test", arXiv 2110.01052, by fixed-sequence testing: from the strictest
    /// threshold down, each is kept while the binomial tail P[Bin(n, α) ≤ k] of its n answered and k wrong answers is at
    /// most δ; the first that fails ends the search. Thresholds are the scores seen.</para>
    /// <para>The first threshold tested is the one whose n is large enough to bear two wrong answers (105 for α = 0.05 and
    /// δ = 0.1), or fewer where that would be over a third of all: one that can bear none fails by a single accident. That
    /// choice depends on counts alone, so that the guarantee stays exact where the error rate does not rise with the
    /// score.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static RiskGuarantee LearnThenTest(IEnumerable<LabelledScore> pairs, double errorRate, double delta = 0.1)
    {
        var array = Checked(pairs, errorRate, delta);
        var start = FirstCount(array.Length, errorRate, delta);
        AnsweredCounts? last = null;
        foreach (var counts in AnsweredCounts.Of(array).SkipWhile(c => c.Answered < start))
        {
            if (BinomialTail.AtMost(counts.Wrong, counts.Answered, errorRate) > delta)
            {
                break;
            }

            last = counts;
        }

        return RiskGuarantee.From(RiskControlMethod.LearnThenTest, errorRate, delta, last, array.Length);
    }

    /// <summary>Selection with guaranteed risk: the promise of <see cref="LearnThenTest"/>, found by bisection.</summary>
    /// <param name="pairs">Labelled answers.</param>
    /// <param name="errorRate">α, between 0 and 1, both excluded.</param>
    /// <param name="delta">δ, above 0 and at most 0.5.</param>
    /// <remarks>Geifman and El-Yaniv 2017, "Selective classification for deep neural networks", arXiv 1705.08500, algorithm 2: each of
    /// the ⌈log₂ n⌉ thresholds on the way is tested at δ/⌈log₂ n⌉, so that all tests hold at once, and the lowest that passes is
    /// taken. Pays for its correction with coverage, but one accident at the top does not end it.</remarks>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static RiskGuarantee SelectWithGuaranteedRisk(IEnumerable<LabelledScore> pairs, double errorRate, double delta = 0.1)
    {
        var array = Checked(pairs, errorRate, delta);
        var counts = AnsweredCounts.Of(array);
        var steps = Math.Max(1, (int)Math.Ceiling(Math.Log2(array.Length)));
        AnsweredCounts? best = null;
        var (low, high) = (0, counts.Count - 1);
        for (var step = 0; step < steps && low <= high; step++)
        {
            var middle = (low + high + 1) / 2;
            if (BinomialTail.AtMost(counts[middle].Wrong, counts[middle].Answered, errorRate) <= delta / steps)
            {
                (best, low) = (counts[middle], middle + 1);
            }
            else
            {
                high = middle - 1;
            }
        }

        return RiskGuarantee.From(RiskControlMethod.GuaranteedSelection, errorRate, delta, best, array.Length);
    }

    /// <summary>Conformal risk control: on average over labelled answers and the next question, the probability that the next
    /// question is answered, and wrongly, is at most α.</summary>
    /// <param name="pairs">Labelled answers.</param>
    /// <param name="errorRate">α, between 0 and 1, both excluded.</param>
    /// <remarks>Angelopoulos et al. 2022, "Conformal risk control", arXiv 2208.02814: the lowest threshold with
    /// (k + 1) / (n + 1) ≤ α for its k wrong answers among all n labelled ones, as the loss falls when the threshold rises. It speaks
    /// of wrong answers among all questions, not among the answered ones, and of the average, not of this calibration.</remarks>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static RiskGuarantee ControlConformally(IEnumerable<LabelledScore> pairs, double errorRate)
    {
        var array = Checked(pairs, errorRate, delta: 0.5);
        AnsweredCounts? last = null;
        foreach (var counts in AnsweredCounts.Of(array).TakeWhile(c => (c.Wrong + 1.0) / (array.Length + 1.0) <= errorRate))
        {
            last = counts;
        }

        return RiskGuarantee.From(RiskControlMethod.ConformalRiskControl, errorRate, null, last, array.Length);
    }

    /// <summary>Finds a threshold by a method.</summary>
    internal static RiskGuarantee Control(RiskControlMethod method, LabelledScore[] pairs, double errorRate, double delta) => method switch
    {
        RiskControlMethod.LearnThenTest => LearnThenTest(pairs, errorRate, delta),
        RiskControlMethod.GuaranteedSelection => SelectWithGuaranteedRisk(pairs, errorRate, delta),
        RiskControlMethod.ConformalRiskControl => ControlConformally(pairs, errorRate),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, $"Use a value of {nameof(RiskControlMethod)}."),
    };

    /// <summary>The smallest count of answers that passes the test with <see cref="FirstTolerance"/> wrong ones among them, or with
    /// as many as it can be without a first step over a third of all answers.</summary>
    private static int FirstCount(int total, double errorRate, double delta)
    {
        var (first, tolerance) = (int.MaxValue, 0);
        for (var n = 1; n <= (tolerance == 0 ? total : total / 3) && tolerance <= FirstTolerance; n++)
        {
            if (BinomialTail.AtMost(tolerance, n, errorRate) <= delta)
            {
                (first, tolerance) = (n, tolerance + 1);
            }
        }

        return first;
    }

    private static LabelledScore[] Checked(IEnumerable<LabelledScore> pairs, double errorRate, double delta)
    {
        if (errorRate is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(errorRate), errorRate, "A target error rate is between 0 and 1, both excluded, such as 0.05.");
        }

        return delta is > 0 and <= 0.5
            ? LabelledScore.Checked(pairs)
            : throw new ArgumentOutOfRangeException(nameof(delta), delta, "Delta is above 0 and at most 0.5, such as 0.1 for a confidence of 90 %.");
    }
}
