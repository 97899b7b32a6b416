using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Scores an answer by how near it is to the question; see <see cref="Confidence.QuestionSimilarity"/>.</summary>
internal sealed class QuestionSimilarityScorer(IEmbeddingGenerator<string, Embedding<float>> generator) : IConfidenceScorer
{
    private readonly EmbeddingSimilarity _similarity = new(generator);

    public string Name => "question_similarity";

    public ScorerNeeds Needs => ScorerNeeds.Embeddings;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) =>
        Unavailability.OfQuestion(context) is { } obstacle
            ? ConfidenceScore.Unavailable(Name, obstacle)
            : new ConfidenceScore(Name, (await _similarity.CompareAsync(context.Question, [new AnswerPair(context.Question, context.ScoredText)], cancellationToken))[0]);
}
