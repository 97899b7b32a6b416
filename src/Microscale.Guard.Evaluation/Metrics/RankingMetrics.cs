namespace Microscale.Guard.Evaluation;

/// <summary>How well scores tell right answers from wrong ones, whatever their scale.</summary>
/// <remarks>All members are pure, and safe for concurrent callers. Equal scores are treated as one step. Scores are from 0 to 1;
/// other ones, and no answers at all, are an <see cref="ArgumentException"/>.</remarks>
public static class RankingMetrics
{
    /// <summary>The area under the ROC curve: the probability that a right answer has a higher score than a wrong one, a tie
    /// counting half. 0.5 is chance, 1 is perfect.</summary>
    /// <param name="answers">The answers. For claims, "right" means supported.</param>
    /// <returns>The area, from 0 to 1; null when all answers are right, or all are wrong.</returns>
    /// <remarks>Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic (ROC)
    /// curve": the Mann–Whitney statistic over the number of pairs.</remarks>
    public static double? Auroc(ReadOnlySpan<LabelledScore> answers)
    {
        var (ordered, right, wrong) = (0.0, 0L, 0L);
        foreach (var group in ScoreGroup.Rising(answers))
        {
            ordered += group.Right * (wrong + (group.Wrong / 2.0));
            right += group.Right;
            wrong += group.Wrong;
        }

        return right == 0 || wrong == 0 ? null : ordered / ((double)right * wrong);
    }

    /// <summary>The area under the precision–recall curve of finding the right answers, as average precision: the precision at each
    /// threshold, weighted by the recall that it adds. Chance is the share of right answers.</summary>
    /// <param name="answers">The answers. To rate how well wrong ones are found, pass 1 − score and the opposite label.</param>
    /// <returns>The area, from 0 to 1; null when no answer is right.</returns>
    /// <remarks>Davis and Goadrich 2006, "The relationship between precision-recall and ROC curves": points of this curve must not
    /// be joined by straight lines; average precision joins none.</remarks>
    public static double? Auprc(ReadOnlySpan<LabelledScore> answers)
    {
        var (sum, right, all) = (0.0, 0, 0);
        foreach (var group in ScoreGroup.Falling(answers))
        {
            right += group.Right;
            all += group.Count;
            sum += group.Right * ((double)right / all);
        }

        return right == 0 ? null : sum / right;
    }
}
