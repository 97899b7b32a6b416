using Microsoft.Extensions.VectorData;

namespace Microscale.Guard;

/// <summary>Makes evidence sources.</summary>
public static class EvidenceSource
{
    /// <summary>A source that asks a function.</summary>
    /// <param name="find">Finds passages, best first; safe for concurrent callers.</param>
    public static IEvidenceSource FromDelegate(Func<EvidenceQuery, CancellationToken, ValueTask<IReadOnlyList<Evidence>>> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        return new DelegateEvidenceSource(find);
    }

    /// <summary>A source that asks several at once and merges their rankings by reciprocal rank fusion (Cormack, Clarke and
    /// Büttcher, 2009). Passages with the same text are one. When one source fails, the whole fails: half of the evidence
    /// must not pass for all of it.</summary>
    /// <param name="sources">The sources; at least one.</param>
    /// <exception cref="ArgumentException">There is no source, or one is null.</exception>
    public static IEvidenceSource Fuse(params IReadOnlyList<IEvidenceSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Count == 0 || sources.Contains(null!))
        {
            throw new ArgumentException("Pass at least one evidence source, and none that is null.", nameof(sources));
        }

        return new FusedEvidenceSource([.. sources]);
    }

    /// <summary>A source that searches a store of Microsoft.Extensions.VectorData by meaning. The store must know how to embed a
    /// text: give it an embedding generator.</summary>
    /// <typeparam name="TRecord">What the store holds.</typeparam>
    /// <param name="store">The store or collection; not disposed with the source.</param>
    /// <param name="toEvidence">Reads a record; safe for concurrent callers. A score of the store becomes that of the evidence, unless
    /// it is a distance.</param>
    /// <param name="options">Further settings, such as a filter. Set <see cref="VectorSearchOptions{TRecord}.ScoreThreshold"/>, in the
    /// store's own scale, so that "nothing relevant" can be found; null for the store's defaults.</param>
    public static IEvidenceSource FromVectorSearch<TRecord>(
        IVectorSearchable<TRecord> store, Func<TRecord, Evidence> toEvidence, VectorSearchOptions<TRecord>? options = null)
        where TRecord : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(toEvidence);
        return new VectorSearchEvidenceSource<TRecord>(store, toEvidence, options);
    }

    /// <summary>A source that searches a store of Microsoft.Extensions.VectorData by meaning and by words at once.</summary>
    /// <typeparam name="TRecord">What the store holds.</typeparam>
    /// <param name="store">The store or collection; not disposed with the source.</param>
    /// <param name="toEvidence">Reads a record; safe for concurrent callers. A score of the store becomes that of the evidence, unless
    /// it is a distance.</param>
    /// <param name="options">Further settings, such as a filter. Set <see cref="HybridSearchOptions{TRecord}.ScoreThreshold"/>, in the
    /// store's own scale, so that "nothing relevant" can be found; null for the store's defaults.</param>
    public static IEvidenceSource FromHybridSearch<TRecord>(
        IKeywordHybridSearchable<TRecord> store, Func<TRecord, Evidence> toEvidence, HybridSearchOptions<TRecord>? options = null)
        where TRecord : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(toEvidence);
        return new HybridSearchEvidenceSource<TRecord>(store, toEvidence, options);
    }
}
