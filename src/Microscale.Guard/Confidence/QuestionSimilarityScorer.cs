using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Scores an answer by how near it is to the question; see <see cref="Confidence.QuestionSimilarity"/>.</summary>
internal sealed class QuestionSimilarityScorer(IEmbeddingGenerator<string, Embedding<float>> generator) : IConfidenceScorer
{
    private readonly EmbeddingSimilarity _similarity = new(generator);

    public string Name => "question_similarity";

    public ScorerNeeds Needs => ScorerNeeds.Embeddings;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var answer = context.Claim?.Text ?? context.Text;
        if (string.IsNullOrWhiteSpace(answer))
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoText);
        }

        return string.IsNullOrWhiteSpace(context.Question)
            ? ConfidenceScore.Unavailable(Name, Unavailability.NoQuestion)
            : new ConfidenceScore(Name, (await _similarity.CompareAsync(context.Question, [new AnswerPair(context.Question, answer)], cancellationToken))[0]);
    }
}
