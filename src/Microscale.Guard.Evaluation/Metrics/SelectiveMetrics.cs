namespace Microscale.Guard.Evaluation;

/// <summary>What answering only the surest questions costs and brings: coverage is the share answered, selective risk the share
/// of wrong ones among the answered.</summary>
/// <remarks>All members are pure, and safe for concurrent callers. Where scores are equal, areas are the mean over all orders of the
/// equal ones. Scores are from 0 to 1; other ones, and no answers at all, are an <see cref="ArgumentException"/>.</remarks>
public static class SelectiveMetrics
{
    /// <summary>The risk–coverage curve: a point for each different score, from the strictest threshold to the one that answers
    /// all.</summary>
    /// <param name="answers">The answers.</param>
    /// <remarks>El-Yaniv and Wiener 2010, "On the foundations of noise-free selective classification"; Geifman and El-Yaniv 2017,
    /// arXiv 1705.08500.</remarks>
    public static IReadOnlyList<RiskCoveragePoint> RiskCoverageCurve(ReadOnlySpan<LabelledScore> answers)
    {
        var (points, answered, wrong) = (new List<RiskCoveragePoint>(), 0, 0);
        foreach (var group in ScoreGroup.Falling(answers))
        {
            answered += group.Count;
            wrong += group.Wrong;
            points.Add(new(group.Score, answered, wrong, (double)answered / answers.Length, (double)wrong / answered));
        }

        return points;
    }

    /// <summary>The area under the risk–coverage curve: the mean selective risk of answering the surest 1, 2, … n. Lower is
    /// better.</summary>
    /// <param name="answers">The answers.</param>
    /// <returns>The area, from 0 to 1.</returns>
    /// <remarks>Geifman, Uziel and El-Yaniv 2019, "Bias-reduced uncertainty estimation for deep neural classifiers",
    /// arXiv 1805.08206.</remarks>
    public static double Aurc(ReadOnlySpan<LabelledScore> answers) => Aurc(ExpectedWrong(answers));

    /// <summary>AURC above that of a perfect order of the same answers; 0 is perfect. Lower is better.</summary>
    /// <param name="answers">The answers.</param>
    /// <returns>The excess, from 0 to 1.</returns>
    /// <remarks>Geifman, Uziel and El-Yaniv 2019, arXiv 1805.08206, with the exact area of the perfect order in place of its
    /// approximation r + (1 − r) ln(1 − r).</remarks>
    public static double EAurc(ReadOnlySpan<LabelledScore> answers)
    {
        var wrong = ExpectedWrong(answers);
        return Math.Max(0, Aurc(wrong) - Aurc(PerfectOrder(wrong)));
    }

    /// <summary>The area under the generalised risk–coverage curve: half the error rate squared, plus what is lost by wrong
    /// answers above right ones; the mean risk of an answer that is delivered and wrong, over all thresholds. Lower is
    /// better.</summary>
    /// <param name="answers">The answers.</param>
    /// <returns>The area, from 0 to 0.5.</returns>
    /// <remarks>Traub et al. 2024, "Overcoming common flaws in the evaluation of selective classification systems",
    /// arXiv 2407.01032: (1 − AUROC) · acc · (1 − acc) + (1 − acc)²/2, and no undue weight on the few surest answers.</remarks>
    public static double Augrc(ReadOnlySpan<LabelledScore> answers)
    {
        var wrong = ExpectedWrong(answers);
        var (sum, n) = (0.0, (double)answers.Length);
        for (var k = 1; k < wrong.Length; k++)
        {
            sum += (wrong[k - 1] + wrong[k]) / 2;
        }

        return sum / (n * n);
    }

    /// <summary>The prediction rejection ratio: how much of what a perfect order would gain by withholding the least sure answers
    /// the scores gain. 1 is perfect, 0 is chance, below 0 is worse than chance.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="maxRejection">The largest share that is withheld; above 0 and at most 1.</param>
    /// <returns>The ratio; null when all answers are right, or all are wrong, or the share is less than two
    /// answers.</returns>
    /// <remarks>Malinin, Ragni, Knill and Gales 2017, "Incorporating uncertainty into deep learning for spoken language assessment"; over
    /// the share of right ones among the kept, up to half withheld, as in Vashurin et al. 2025, "Benchmarking uncertainty
    /// quantification methods for large language models with LM-Polygraph", arXiv 2406.15627. Chance is its exact mean.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRejection"/> is out of its range.</exception>
    public static double? Prr(ReadOnlySpan<LabelledScore> answers, double maxRejection = 0.5)
    {
        if (maxRejection is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(maxRejection), maxRejection, "The largest share to withhold is above 0 and at most 1, such as 0.5.");
        }

        var wrong = ExpectedWrong(answers);
        var first = answers.Length - (int)(maxRejection * answers.Length) + 1;
        var chance = (answers.Length - first + 1) * (wrong[^1] / answers.Length);
        var (given, perfect) = (SumOfRisks(wrong, first), SumOfRisks(PerfectOrder(wrong), first));

        return first >= answers.Length || wrong[^1] == 0 || wrong[^1] == answers.Length ? null : (chance - given) / (chance - perfect);
    }

    /// <summary>The largest coverage of a threshold whose selective risk is at most a limit on these answers.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="risk">The limit, from 0 to 1.</param>
    /// <returns>The coverage; 0 when no threshold keeps to the limit.</returns>
    /// <remarks>El-Yaniv and Wiener 2010. It looks back at these answers: for a threshold that will keep to a limit on new ones, see
    /// <see cref="RiskControl"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="risk"/> is out of its range.</exception>
    public static double CoverageAtRisk(ReadOnlySpan<LabelledScore> answers, double risk)
    {
        if (risk is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(risk), risk, "A risk is from 0 to 1, such as 0.05.");
        }

        var coverage = 0.0;
        foreach (var point in RiskCoverageCurve(answers))
        {
            coverage = point.Risk <= risk ? point.Coverage : coverage;
        }

        return coverage;
    }

    /// <summary>How many of the k surest answers are wrong, for k from 0 to n: the mean over all orders of equal scores.</summary>
    private static double[] ExpectedWrong(ReadOnlySpan<LabelledScore> answers)
    {
        var wrong = new double[answers.Length + 1];
        var k = 0;
        foreach (var group in ScoreGroup.Falling(answers))
        {
            var before = wrong[k];
            for (var i = 1; i <= group.Count; i++)
            {
                wrong[++k] = before + ((double)group.Wrong * i / group.Count);
            }
        }

        return wrong;
    }

    /// <summary>The same where all right answers come first.</summary>
    private static double[] PerfectOrder(double[] wrong)
    {
        var perfect = new double[wrong.Length];
        var right = wrong.Length - 1 - wrong[^1];
        for (var k = 0; k < perfect.Length; k++)
        {
            perfect[k] = Math.Max(0, k - right);
        }

        return perfect;
    }

    private static double Aurc(double[] wrong) => SumOfRisks(wrong, 1) / (wrong.Length - 1);

    private static double SumOfRisks(double[] wrong, int first)
    {
        var sum = 0.0;
        for (var k = first; k < wrong.Length; k++)
        {
            sum += wrong[k] / k;
        }

        return sum;
    }
}
