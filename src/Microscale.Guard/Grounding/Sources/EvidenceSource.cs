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
}
