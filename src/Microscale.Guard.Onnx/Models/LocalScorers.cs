using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Scorers whose parts are weighted for the local models.</summary>
public static class LocalScorers
{
    /// <summary>The weight of the question's nearness beside that of the answer being there.</summary>
    private const double SimilarityWeight = 0.6;

    /// <summary>Whether an answer of the small local chat model, or a sentence of a passage, answers the question:
    /// <see cref="Confidence.Answerability"/> and, with 0.6 of its weight, <see cref="Confidence.QuestionSimilarity"/>, of what is
    /// <see cref="Confidence.Quoted"/>. Costs one pair of the entailment model and two embeddings.</summary>
    /// <param name="entailment">The entailment model (<see cref="LocalModels.CreateEntailmentModel"/>); not disposed.</param>
    /// <param name="embeddings">The embedding model (<see cref="LocalModels.CreateEmbeddingGenerator"/>); not disposed.</param>
    /// <remarks>Escalate to a <see cref="QuotingChatClient"/> with the same scorer. docs/confidence.md has figures.</remarks>
    public static IConfidenceScorer QuotedAnswer(IEntailmentModel entailment, IEmbeddingGenerator<string, Embedding<float>> embeddings) =>
        Confidence.Quoted(Confidence.Ensemble(
            new EnsemblePart(Confidence.Answerability(entailment)),
            new EnsemblePart(Confidence.QuestionSimilarity(embeddings), SimilarityWeight)));
}
