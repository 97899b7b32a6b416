using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Compares answers by their embeddings; see <see cref="AnswerSimilarity.Embedding"/>.</summary>
internal sealed class EmbeddingSimilarity(IEmbeddingGenerator<string, Embedding<float>> generator) : IAnswerSimilarity
{
    public string Name => "embedding";

    public ScorerNeeds Needs => ScorerNeeds.Embeddings;

    public async ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct(StringComparer.Ordinal)];
        var embeddings = await generator.GenerateAsync(texts, cancellationToken: cancellationToken);
        if (embeddings.Count != texts.Length)
        {
            throw new InvalidOperationException($"The embedding generator gave {embeddings.Count} embeddings for {texts.Length} texts.");
        }

        var vectors = texts.Zip(embeddings).ToDictionary(p => p.First, p => p.Second.Vector, StringComparer.Ordinal);
        return [.. pairs.Select(p => p.First == p.Second ? 1 : Cosine(vectors[p.First].Span, vectors[p.Second].Span))];
    }

    // A vector without a direction is like no other; rounding may lead beyond 1.
    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        TensorPrimitives.Norm(a) * TensorPrimitives.Norm(b) is 0 ? 0 : Math.Clamp(TensorPrimitives.CosineSimilarity(a, b), 0, 1);
}
