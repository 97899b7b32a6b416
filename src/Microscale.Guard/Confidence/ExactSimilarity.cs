namespace Microscale.Guard;

/// <summary>Compares answers word by word; see <see cref="AnswerSimilarity.Exact"/>.</summary>
internal sealed class ExactSimilarity : IAnswerSimilarity
{
    public string Name => "exact";

    public ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<double>>(
            [.. pairs.Select(p => Words(p.First).SequenceEqual(Words(p.Second), StringComparer.Ordinal) ? 1.0 : 0.0)]);

    private static IEnumerable<string> Words(string text) =>
        AnswerWord.Find(text).Select(w => w.Form).Where(f => f is not ("a" or "an" or "the"));
}
