using Microsoft.Extensions.VectorData;

namespace Microscale.Guard;

/// <summary>Asks a store of Microsoft.Extensions.VectorData by meaning; the store, or its collection, makes the embedding of the
/// question.</summary>
internal sealed class VectorSearchEvidenceSource<TRecord>(
    IVectorSearchable<TRecord> store, Func<TRecord, Evidence> toEvidence, VectorSearchOptions<TRecord>? options) : IEvidenceSource
    where TRecord : class
{
    public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default) =>
        await VectorSearchHits.ReadAsync(store.SearchAsync(query.Text, query.MaxResults, options, cancellationToken), toEvidence, cancellationToken);
}
