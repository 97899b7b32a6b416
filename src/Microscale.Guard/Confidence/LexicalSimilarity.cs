namespace Microscale.Guard;

/// <summary>Compares answers by their words; see <see cref="AnswerSimilarity.Lexical"/>.</summary>
internal sealed class LexicalSimilarity : IAnswerSimilarity
{
    public string Name => "lexical";

    public ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default)
    {
        var known = AnswerWord.Find(question).Select(w => w.Form).ToHashSet(StringComparer.Ordinal);
        var read = new Dictionary<string, Words>(StringComparer.Ordinal);
        var result = new double[pairs.Count];
        for (var i = 0; i < result.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result[i] = Compare(Read(pairs[i].First), Read(pairs[i].Second));
        }

        return ValueTask.FromResult<IReadOnlyList<double>>(result);

        Words Read(string text)
        {
            if (!read.TryGetValue(text, out var words))
            {
                read[text] = words = new Words(text, known);
            }

            return words;
        }
    }

    private static double Compare(Words a, Words b)
    {
        // Answers that add nothing to the question are compared by all they say.
        var (x, y) = a.New.Count == 0 && b.New.Count == 0 ? (a.All, b.All) : (a.New, b.New);
        return F1(x, y) * Overlap(a.Numbers, b.Numbers) * Overlap(a.Names, b.Names);
    }

    private static double F1(HashSet<string> a, HashSet<string> b) =>
        a.Count + b.Count == 0 ? 1 : 2.0 * a.Count(b.Contains) / (a.Count + b.Count);

    private static double Overlap(HashSet<string> a, HashSet<string> b) =>
        a.Count == 0 || b.Count == 0 ? 1 : (double)a.Count(b.Contains) / Math.Min(a.Count, b.Count);

    private sealed class Words
    {
        public Words(string text, HashSet<string> known)
        {
            foreach (var word in AnswerWord.Find(text))
            {
                All.Add(word.Form);
                if (word.Kind == AnswerWordKind.Function || known.Contains(word.Form))
                {
                    continue;
                }

                New.Add(word.Form);
                if (word.Kind == AnswerWordKind.Number)
                {
                    Numbers.Add(word.Form);
                }
                else if (word.Kind == AnswerWordKind.Name)
                {
                    Names.Add(word.Form);
                }
            }
        }

        public HashSet<string> All { get; } = new(StringComparer.Ordinal);

        public HashSet<string> New { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Numbers { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }
}
