using Microsoft.Extensions.VectorData;

namespace Microscale.Guard;

/// <summary>Asks a store of Microsoft.Extensions.VectorData by meaning and by the question's words at once.</summary>
internal sealed class HybridSearchEvidenceSource<TRecord>(
    IKeywordHybridSearchable<TRecord> store, Func<TRecord, Evidence> toEvidence, HybridSearchOptions<TRecord>? options) : IEvidenceSource
    where TRecord : class
{
    public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default) =>
        await VectorSearchHits.ReadAsync(
            store.HybridSearchAsync(query.Text, SearchTerms.Keywords(query.Text), query.MaxResults, options, cancellationToken), toEvidence, cancellationToken);
}
