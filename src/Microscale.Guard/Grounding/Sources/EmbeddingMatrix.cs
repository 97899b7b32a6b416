using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The embeddings of all passages, one row each, of unit length: a product with a row is a cosine.</summary>
internal sealed class EmbeddingMatrix
{
    private const int BatchSize = 64;

    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly float[] _rows;
    private readonly int _count;
    private readonly int _dimensions;

    private EmbeddingMatrix(IEmbeddingGenerator<string, Embedding<float>> generator, float[] rows, int count)
    {
        _generator = generator;
        _rows = rows;
        _count = count;
        _dimensions = count == 0 ? 0 : rows.Length / count;
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

    /// <summary>The cosine of each passage with a text.</summary>
    public async ValueTask<float[]> CompareAsync(string text, CancellationToken cancellationToken)
    {
        var embeddings = await _generator.GenerateAsync([text], cancellationToken: cancellationToken);
        var query = new float[_dimensions];
        Normalize(embeddings[0].Vector.Span, query);
        var cosines = new float[_count];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = TensorPrimitives.Dot(_rows.AsSpan(i * _dimensions, _dimensions), query);
        }

        return cosines;
    }

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
