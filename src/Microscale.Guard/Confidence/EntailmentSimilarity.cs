namespace Microscale.Guard;

/// <summary>Compares answers by entailment both ways; see <see cref="AnswerSimilarity.Entailment"/>.</summary>
internal sealed class EntailmentSimilarity(IEntailmentModel model) : IAnswerSimilarity
{
    public string Name => "entailment";

    public async ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default)
    {
        var asked = new Dictionary<EntailmentPair, int>();
        foreach (var pair in pairs)
        {
            asked.TryAdd(Forth(pair), asked.Count);
            asked.TryAdd(Back(pair), asked.Count);
        }

        var scores = await model.ClassifyAsync([.. asked.Keys], cancellationToken);
        if (scores.Count != asked.Count)
        {
            throw new InvalidOperationException($"The entailment model gave {scores.Count} scores for {asked.Count} pairs.");
        }

        return [.. pairs.Select(p => p.First == p.Second
            ? 1
            : Math.Min(scores[asked[Forth(p)]].Entailment, scores[asked[Back(p)]].Entailment))];

        EntailmentPair Forth(AnswerPair pair) => new(InContext(pair.First), InContext(pair.Second));

        EntailmentPair Back(AnswerPair pair) => new(InContext(pair.Second), InContext(pair.First));

        string InContext(string answer) => question.Length == 0 ? answer : $"{question} {answer}";
    }
}
