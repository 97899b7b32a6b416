using Microsoft.Extensions.VectorData;

namespace Microscale.Guard;

/// <summary>Reads what a vector store found.</summary>
internal static class VectorSearchHits
{
    public static async ValueTask<IReadOnlyList<Evidence>> ReadAsync<TRecord>(
        IAsyncEnumerable<VectorSearchResult<TRecord>> results, Func<TRecord, Evidence> toEvidence, CancellationToken cancellationToken)
        where TRecord : class
    {
        var hits = new List<(Evidence Evidence, double? Score)>();
        await foreach (var result in results.WithCancellation(cancellationToken))
        {
            hits.Add((toEvidence(result.Record), result.Score));
        }

        // Stores answer best first. Scores that rise are distances, and are no scores of ours.
        var rises = hits.Zip(hits.Skip(1)).Any(pair => pair.Second.Score > pair.First.Score);
        return [.. hits.Select(hit => hit.Evidence with { Score = hit.Evidence.Score ?? (rises ? null : hit.Score) })];
    }
}
