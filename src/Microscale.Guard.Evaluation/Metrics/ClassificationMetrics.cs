namespace Microscale.Guard.Evaluation;

/// <summary>How often classes are predicted rightly.</summary>
/// <remarks>All members are pure, and safe for concurrent callers. No predictions at all are an
/// <see cref="ArgumentException"/>.</remarks>
public static class ClassificationMetrics
{
    /// <summary>The share of right answers.</summary>
    /// <param name="answers">The answers; their scores do not matter.</param>
    public static double Accuracy(ReadOnlySpan<LabelledScore> answers)
    {
        ScoreGroup.Check(answers);
        var right = 0;
        foreach (var answer in answers)
        {
            right += answer.IsCorrect ? 1 : 0;
        }

        return (double)right / answers.Length;
    }

    /// <summary>The share of right predictions.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="predictions">The predictions.</param>
    public static double Accuracy<T>(ReadOnlySpan<LabelledPrediction<T>> predictions)
        where T : notnull
    {
        Check(predictions);
        var right = 0;
        foreach (var prediction in predictions)
        {
            right += EqualityComparer<T>.Default.Equals(prediction.Predicted, prediction.Actual) ? 1 : 0;
        }

        return (double)right / predictions.Length;
    }

    /// <summary>The mean, over the classes that occur, of the share of a class that is predicted rightly. Chance is one over the
    /// number of classes, however unequal they are.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="predictions">The predictions.</param>
    /// <returns>The accuracy, from 0 to 1.</returns>
    /// <remarks>Brodersen et al. 2010, "The balanced accuracy and its posterior distribution".</remarks>
    public static double BalancedAccuracy<T>(ReadOnlySpan<LabelledPrediction<T>> predictions)
        where T : notnull
    {
        Check(predictions);
        var classes = new Dictionary<T, (int Right, int All)>();
        foreach (var prediction in predictions)
        {
            var (right, all) = classes.GetValueOrDefault(prediction.Actual);
            classes[prediction.Actual] = (right + (EqualityComparer<T>.Default.Equals(prediction.Predicted, prediction.Actual) ? 1 : 0), all + 1);
        }

        return classes.Values.Average(c => (double)c.Right / c.All);
    }

    /// <summary>The same for scores and a threshold: what reaches the threshold is predicted to be right.</summary>
    /// <param name="answers">The answers. For claims, "right" means supported.</param>
    /// <param name="threshold">The lowest score that counts as right.</param>
    public static double BalancedAccuracy(ReadOnlySpan<LabelledScore> answers, double threshold)
    {
        ScoreGroup.Check(answers);
        var predictions = new LabelledPrediction<bool>[answers.Length];
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = new(answers[i].Score >= threshold, answers[i].IsCorrect);
        }

        return BalancedAccuracy<bool>(predictions);
    }

    private static void Check<T>(ReadOnlySpan<LabelledPrediction<T>> predictions)
        where T : notnull
    {
        if (predictions.IsEmpty)
        {
            throw new ArgumentException("There are no predictions: a metric needs at least one.", nameof(predictions));
        }
    }
}
