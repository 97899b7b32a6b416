namespace Microscale.Guard;

internal sealed class FusedEvidenceSource(IReadOnlyList<IEvidenceSource> sources) : IEvidenceSource
{
    private static readonly EqualityComparer<Evidence> SameText =
        EqualityComparer<Evidence>.Create((x, y) => x?.Text == y?.Text, e => e.Text.GetHashCode(StringComparison.Ordinal));

    public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default)
    {
        var found = await Task.WhenAll(sources.Select(s => s.FindAsync(query, cancellationToken).AsTask()));
        var rankings = found.Select(list => ((IReadOnlyList<Evidence>)[.. EvidenceSelection.Clean(list)], 1.0));
        return
        [
            .. ReciprocalRankFusion.Fuse([.. rankings], SameText)
                .Take(query.MaxResults)
                .Select(e => e.Item with { Score = e.Score }),
        ];
    }
}
