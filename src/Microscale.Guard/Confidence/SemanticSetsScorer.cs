using System.Globalization;

namespace Microscale.Guard;

/// <summary>Scores an answer by how many different things it and its samples say; see <see cref="Confidence.SemanticSets"/>.</summary>
internal sealed class SemanticSetsScorer(int samples, IAnswerSimilarity similarity) : IConfidenceScorer
{
    public string Name { get; } = "semantic_sets." + similarity.Name;

    public ScorerNeeds Needs => ScorerNeeds.Samples | similarity.Needs;

    public ScorerCost Cost => new() { Samples = samples, EntailmentPairs = similarity.EntailmentPairs(AnswerGraph.Pairs(samples + 1)) };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(context.Text))
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoText);
        }

        var sets = Count(await AnswerGraph.BuildAsync(context, samples, similarity, cancellationToken));
        return new ConfidenceScore(Name, Math.Clamp(1 - ((sets - 1) / samples), 0, 1))
        {
            Explanation = string.Create(CultureInfo.InvariantCulture, $"{sets:0.##} meanings among {samples + 1} answers."),
        };
    }

    /// <summary>Σ max(0, 1 − λₖ) over the eigenvalues of the Laplacian I − D^−½ W D^−½; 1 − λₖ are those of D^−½ W D^−½.</summary>
    private static double Count(double[][] similarities)
    {
        var n = similarities.Length;
        var scale = Array.ConvertAll(similarities, row => 1 / Math.Sqrt(row.Sum()));
        var matrix = SquareMatrix.Zero(n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[i][j] = similarities[i][j] * scale[i] * scale[j];
            }
        }

        return SquareMatrix.Eigenvalues(matrix).Sum(v => Math.Max(0, v));
    }
}
