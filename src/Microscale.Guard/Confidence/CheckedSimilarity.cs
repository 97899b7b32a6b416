namespace Microscale.Guard;

/// <summary>Compares answers by a similarity that may be foreign code.</summary>
internal static class CheckedSimilarity
{
    /// <summary>Compares pairs, and checks what comes back.</summary>
    /// <exception cref="InvalidOperationException">The similarity gave another number of values, or one outside 0..1.</exception>
    public static async ValueTask<IReadOnlyList<double>> CompareCheckedAsync(
        this IAnswerSimilarity similarity, string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken)
    {
        if (pairs.Count == 0)
        {
            return [];
        }

        var similarities = await similarity.CompareAsync(question, pairs, cancellationToken);
        return similarities.Count == pairs.Count && similarities.All(s => s is >= 0 and <= 1)
            ? similarities
            : throw new InvalidOperationException(
                $"The similarity {similarity.Name} must give a value from 0 to 1 for each of {pairs.Count} pairs.");
    }

    /// <summary>The most pairs that a similarity reads with an entailment model, each in both directions.</summary>
    public static int EntailmentPairs(this IAnswerSimilarity similarity, int pairs) =>
        similarity.Needs.HasFlag(ScorerNeeds.EntailmentModel) ? 2 * pairs : 0;
}
