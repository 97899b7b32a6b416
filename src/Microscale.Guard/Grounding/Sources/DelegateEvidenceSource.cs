namespace Microscale.Guard;

internal sealed class DelegateEvidenceSource(Func<EvidenceQuery, CancellationToken, ValueTask<IReadOnlyList<Evidence>>> find) : IEvidenceSource
{
    public ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default) =>
        find(query, cancellationToken);
}
