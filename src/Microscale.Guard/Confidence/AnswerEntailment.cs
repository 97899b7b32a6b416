namespace Microscale.Guard;

/// <summary>Entailment between answers to one question.</summary>
internal static class AnswerEntailment
{
    /// <summary>Classifies both directions of each pair, each answer read after the question. Equal answers entail each
    /// other, whatever a model finds.</summary>
    /// <exception cref="InvalidOperationException">The model gave scores for another number of pairs.</exception>
    public static async ValueTask<IReadOnlyList<(EntailmentScores Forth, EntailmentScores Back)>> ClassifyAsync(
        IEntailmentModel model, string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken)
    {
        var asked = new Dictionary<EntailmentPair, int>();
        foreach (var pair in pairs.Where(p => p.First != p.Second))
        {
            asked.TryAdd(Forth(pair), asked.Count);
            asked.TryAdd(Back(pair), asked.Count);
        }

        IReadOnlyList<EntailmentScores> scores = asked.Count > 0 ? await model.ClassifyAsync([.. asked.Keys], cancellationToken) : [];
        if (scores.Count != asked.Count)
        {
            throw new InvalidOperationException($"The entailment model gave {scores.Count} scores for {asked.Count} pairs.");
        }

        var same = new EntailmentScores(1, 0, 0);
        return [.. pairs.Select(p => p.First == p.Second ? (same, same) : (scores[asked[Forth(p)]], scores[asked[Back(p)]]))];

        EntailmentPair Forth(AnswerPair pair) => new(InContext(pair.First), InContext(pair.Second));

        EntailmentPair Back(AnswerPair pair) => new(InContext(pair.Second), InContext(pair.First));

        string InContext(string answer) => question.Length == 0 ? answer : $"{question} {answer}";
    }
}
