namespace Microscale.Guard.Evaluation;

/// <summary>Whether scores are probabilities: whether of the answers with 0.8, eight in ten are right.</summary>
/// <remarks>All members are pure, and safe for concurrent callers. Scores are from 0 to 1; other ones, and no answers at all, are an
/// <see cref="ArgumentException"/>. The figures depend on the number of bins: state it with them.</remarks>
public static class CalibrationMetrics
{
    /// <summary>How far a score is kept from 0 and 1 in <see cref="LogLoss"/>.</summary>
    private const double Smallest = 1e-15;

    /// <summary>The bins of a reliability diagram, in rising order; empty ones are left out.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="binning">How scores are divided.</param>
    /// <param name="bins">Into how many bins; at least 1.</param>
    /// <remarks>DeGroot and Fienberg 1983, "The comparison and evaluation of forecasters".</remarks>
    public static IReadOnlyList<ReliabilityBin> ReliabilityDiagram(
        ReadOnlySpan<LabelledScore> answers, Binning binning = Binning.EqualWidth, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var result = new List<ReliabilityBin>();
        var (index, rank, low, high, count, right, sum) = (-1, 0, 0.0, 0.0, 0, 0, 0.0);
        foreach (var group in ScoreGroup.Rising(answers))
        {
            var here = binning == Binning.EqualWidth
                ? Math.Min((int)(group.Score * bins), bins - 1)
                : (int)((long)rank * bins / answers.Length);
            if (here != index)
            {
                Close();
                (index, low, count, right, sum) = (here, group.Score, 0, 0, 0);
            }

            (high, count, right, sum) = (group.Score, count + group.Count, right + group.Right, sum + (group.Count * group.Score));
            rank += group.Count;
        }

        Close();
        return result;

        void Close()
        {
            if (count > 0)
            {
                var (from, to) = binning == Binning.EqualWidth ? ((double)index / bins, (index + 1.0) / bins) : (low, high);
                result.Add(new(from, to, count, sum / count, (double)right / count));
            }
        }
    }

    /// <summary>The expected calibration error: the mean distance of score and share of right answers over the bins, weighted by
    /// their answers. 0 is calibrated.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="binning">How scores are divided.</param>
    /// <param name="bins">Into how many bins; at least 1.</param>
    /// <returns>The error, from 0 to 1.</returns>
    /// <remarks>Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning"; Guo et al. 2017,
    /// arXiv 1706.04599. With bins of equal mass, the adaptive error of Nixon et al. 2019, "Measuring calibration in deep
    /// learning", arXiv 1904.01685, which does not hang on a few bins where scores crowd.</remarks>
    public static double Ece(ReadOnlySpan<LabelledScore> answers, Binning binning = Binning.EqualWidth, int bins = 10)
    {
        var sum = 0.0;
        foreach (var bin in ReliabilityDiagram(answers, binning, bins))
        {
            sum += bin.Count * Math.Abs(bin.Gap);
        }

        return sum / answers.Length;
    }

    /// <summary>The maximum calibration error: the largest distance of score and share of right answers of any bin. A bin of few
    /// answers can decide it.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="binning">How scores are divided.</param>
    /// <param name="bins">Into how many bins; at least 1.</param>
    /// <returns>The error, from 0 to 1.</returns>
    /// <remarks>Naeini, Cooper and Hauskrecht 2015.</remarks>
    public static double Mce(ReadOnlySpan<LabelledScore> answers, Binning binning = Binning.EqualWidth, int bins = 10) =>
        ReliabilityDiagram(answers, binning, bins).Max(b => Math.Abs(b.Gap));

    /// <summary>The Brier score: the mean squared distance of score and label (1 right, 0 wrong). Lower is better; always 0.5 gives
    /// 0.25.</summary>
    /// <param name="answers">The answers.</param>
    /// <returns>The score, from 0 to 1.</returns>
    /// <remarks>Brier 1950, "Verification of forecasts expressed in terms of probability", for two outcomes counted once.</remarks>
    public static double Brier(ReadOnlySpan<LabelledScore> answers)
    {
        ScoreGroup.Check(answers);
        var sum = 0.0;
        foreach (var answer in answers)
        {
            var distance = answer.Score - (answer.IsCorrect ? 1 : 0);
            sum += distance * distance;
        }

        return sum / answers.Length;
    }

    /// <summary>What the Brier score is made of.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="binning">How scores are divided.</param>
    /// <param name="bins">Into how many bins; at least 1.</param>
    public static BrierDecomposition DecomposeBrier(
        ReadOnlySpan<LabelledScore> answers, Binning binning = Binning.EqualWidth, int bins = 10)
    {
        var diagram = ReliabilityDiagram(answers, binning, bins);
        var accuracy = diagram.Sum(b => b.Count * b.Accuracy) / answers.Length;
        var reliability = diagram.Sum(b => b.Count * b.Gap * b.Gap) / answers.Length;
        var resolution = diagram.Sum(b => b.Count * Math.Pow(b.Accuracy - accuracy, 2)) / answers.Length;
        var uncertainty = accuracy * (1 - accuracy);
        return new(reliability, resolution, uncertainty, Brier(answers) - (reliability - resolution + uncertainty));
    }

    /// <summary>The logarithmic loss: the mean of −ln of the probability that was given to what came true. Lower is better; always
    /// 0.5 gives ln 2.</summary>
    /// <param name="answers">The answers. Scores are kept 1e-15 away from 0 and 1, so that one wrong answer with 1 costs 34.5
    /// and not everything.</param>
    /// <returns>The loss in nats, 0 or above.</returns>
    /// <remarks>Good 1952, "Rational decisions".</remarks>
    public static double LogLoss(ReadOnlySpan<LabelledScore> answers)
    {
        ScoreGroup.Check(answers);
        var sum = 0.0;
        foreach (var answer in answers)
        {
            var probability = answer.IsCorrect ? answer.Score : 1 - answer.Score;
            sum -= Math.Log(Math.Clamp(probability, Smallest, 1 - Smallest));
        }

        return sum / answers.Length;
    }
}
