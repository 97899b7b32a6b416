namespace Microscale.Guard;

/// <summary>Finds passages that may answer a question.</summary>
/// <remarks>Implementations must be safe for concurrent callers.</remarks>
public interface IEvidenceSource
{
    /// <summary>Finds the passages that fit a query best.</summary>
    /// <param name="query">What is asked, and how many passages are wanted.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Passages, best first, at most <see cref="EvidenceQuery.MaxResults"/>. Empty when nothing is relevant:
    /// an empty list is an outcome of its own, not a failure.</returns>
    ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default);
}
