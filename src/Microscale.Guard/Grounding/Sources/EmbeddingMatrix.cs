using System.Buffers;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The embeddings of all passages, one row each, of unit length: a product with a row is a cosine.</summary>
/// <remarks>Immutable, so safe for concurrent callers as far as the generator is.</remarks>
internal sealed class EmbeddingMatrix
{
    private const int BatchSize = 64;

    /// <summary>How many candidates the rounded rows give for each hit wanted: so that rounding loses none.</summary>
    private const int CandidatesPerHit = 4;

    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly float[] _rows;
    private readonly QuantizedRows _rounded;
    private readonly int _count;
    private readonly int _dimensions;

    private EmbeddingMatrix(IEmbeddingGenerator<string, Embedding<float>> generator, float[] rows, int count)
    {
        _generator = generator;
        _rows = rows;
        _count = count;
        _dimensions = count == 0 ? 0 : rows.Length / count;
        _rounded = new QuantizedRows(rows, _dimensions);
    }

    public static async Task<EmbeddingMatrix> CreateAsync(
        IReadOnlyList<string> texts, IEmbeddingGenerator<string, Embedding<float>> generator, CancellationToken cancellationToken)
    {
        float[] rows = [];
        var dimensions = 0;
        var row = 0;
        foreach (var batch in texts.Chunk(BatchSize))
        {
            var embeddings = await generator.GenerateAsync(batch, cancellationToken: cancellationToken);
            if (embeddings.Count != batch.Length)
            {
                throw new InvalidOperationException($"The embedding generator gave {embeddings.Count} embeddings for {batch.Length} texts.");
            }

            foreach (var embedding in embeddings)
            {
                if (row == 0)
                {
                    dimensions = embedding.Vector.Length;
                    rows = new float[checked(dimensions * texts.Count)];
                }

                Normalize(embedding.Vector.Span, rows.AsSpan(row * dimensions, dimensions));
                row++;
            }
        }

        return new EmbeddingMatrix(generator, rows, texts.Count);
    }

    /// <summary>The embedding of a text, of unit length.</summary>
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        var embeddings = await _generator.GenerateAsync([text], cancellationToken: cancellationToken);
        var unit = new float[_dimensions];
        Normalize(embeddings[0].Vector.Span, unit);
        return unit;
    }

    /// <summary>The passages nearest to an embedding, best first; only those with a cosine above 0.</summary>
    public List<SearchHit> Search(float[] embedding, int limit)
    {
        var scores = ArrayPool<float>.Shared.Rent(_count);
        try
        {
            var products = scores.AsSpan(0, _count);
            _rounded.Multiply(embedding, products);
            return [.. TopHits.Of(products, limit * CandidatesPerHit, above: 0)
                .Select(hit => hit with { Score = Cosine(embedding, hit.Passage) })
                .OrderByDescending(hit => hit.Score)
                .ThenBy(hit => hit.Passage)
                .Take(limit)];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    /// <summary>The cosine of an embedding with a passage.</summary>
    public double Cosine(float[] embedding, int passage) => TensorPrimitives.Dot(Row(passage), embedding);

    /// <summary>The cosine of two passages.</summary>
    public double Cosine(int passage, int other) => TensorPrimitives.Dot(Row(passage), Row(other));

    private ReadOnlySpan<float> Row(int passage) => _rows.AsSpan(passage * _dimensions, _dimensions);

    private static void Normalize(ReadOnlySpan<float> vector, Span<float> unit)
    {
        if (vector.Length != unit.Length)
        {
            throw new InvalidOperationException($"The embedding generator gave a vector of {vector.Length} numbers among vectors of {unit.Length}.");
        }

        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, unit);
        }
        else
        {
            unit.Clear();
        }
    }
}
