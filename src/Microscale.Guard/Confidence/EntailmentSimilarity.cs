namespace Microscale.Guard;

/// <summary>Compares answers by entailment both ways; see <see cref="AnswerSimilarity.Entailment"/>.</summary>
internal sealed class EntailmentSimilarity(IEntailmentModel model) : IAnswerSimilarity
{
    public string Name => "entailment";

    public ScorerNeeds Needs => ScorerNeeds.EntailmentModel;

    public async ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default)
    {
        var scores = await AnswerEntailment.ClassifyAsync(model, question, pairs, cancellationToken);
        return [.. scores.Select(s => Math.Min(s.Forth.Entailment, s.Back.Entailment))];
    }
}
