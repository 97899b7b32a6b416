namespace Microscale.Guard;

/// <summary>Compares answers by contradiction both ways; see <see cref="AnswerSimilarity.NonContradiction"/>.</summary>
internal sealed class NonContradictionSimilarity(IEntailmentModel model) : IAnswerSimilarity
{
    public string Name => "noncontradiction";

    public ScorerNeeds Needs => ScorerNeeds.EntailmentModel;

    public async ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default)
    {
        var scores = await AnswerEntailment.ClassifyAsync(model, question, pairs, cancellationToken);
        return [.. scores.Select(s => 1 - ((s.Forth.Contradiction + s.Back.Contradiction) / 2))];
    }
}
