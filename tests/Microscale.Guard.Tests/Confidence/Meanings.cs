namespace Microscale.Guard.Tests.Scoring;

/// <summary>An entailment model: by default texts entail each other when their last words begin with the same letter, and contradict each
/// other when not.</summary>
internal sealed class Meanings(Func<EntailmentPair, EntailmentScores>? classify = null) : IEntailmentModel
{
    private int _pairs;

    /// <summary>How many pairs were read.</summary>
    public int Pairs => _pairs;

    public ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(
        IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default)
    {
        Interlocked.Add(ref _pairs, pairs.Count);
        return ValueTask.FromResult<IReadOnlyList<EntailmentScores>>([.. pairs.Select(classify ?? ByFirstLetter)]);
    }

    private static EntailmentScores ByFirstLetter(EntailmentPair pair) =>
        pair.Premise.Split(' ')[^1][0] == pair.Claim.Split(' ')[^1][0] ? new(0.8, 0.1, 0.1) : new(0.1, 0.1, 0.8);
}
