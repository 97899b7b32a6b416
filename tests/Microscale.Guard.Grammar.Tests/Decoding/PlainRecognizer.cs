namespace Microscale.Guard.Grammar.Tests;

/// <summary>Tells whether some bytes are a text of a plain grammar, and whether they begin one.</summary>
internal sealed class PlainRecognizer
{
    private readonly PlainGrammar[] _rules;
    private readonly byte[] _bytes;
    private readonly Dictionary<(PlainGrammar, int), (HashSet<int> Ends, bool Begins)> _table = [];
    private readonly HashSet<(PlainGrammar, int)> _visiting = [];
    private bool _changed;

    private PlainRecognizer(PlainGrammar[] rules, byte[] bytes)
    {
        _rules = rules;
        _bytes = bytes;
    }

    /// <summary>Whether rule 0 has the bytes as a text, and whether it has a text that begins with them.</summary>
    public static (bool IsText, bool BeginsText) Recognize(PlainGrammar[] rules, byte[] bytes)
    {
        var recognizer = new PlainRecognizer(rules, bytes);
        var root = new PlainGrammar.Rule(0);
        do
        {
            recognizer._changed = false;
            recognizer._visiting.Clear();
            recognizer.Visit(root, 0);
        }
        while (recognizer._changed);

        var (ends, begins) = recognizer.Visit(root, 0);
        return (ends.Contains(bytes.Length), begins);
    }

    private (HashSet<int> Ends, bool Begins) Visit(PlainGrammar part, int at)
    {
        var key = (part, at);
        var known = _table.TryGetValue(key, out var entry) ? entry : ([], false);
        if (!_visiting.Add(key))
        {
            return known;
        }

        var ends = new HashSet<int>(known.Ends);
        var begins = known.Begins;
        foreach (var (end, begin) in Expand(part, at))
        {
            if (end >= 0)
            {
                ends.Add(end);
            }

            begins |= begin;
        }

        _changed |= ends.Count != known.Ends.Count || begins != known.Begins;
        _table[key] = (ends, begins);
        return (ends, begins);
    }

    /// <summary>Where the part can end, and whether it has a text that begins with all the remaining bytes.</summary>
    private IEnumerable<(int End, bool Begins)> Expand(PlainGrammar part, int at)
    {
        switch (part)
        {
            case PlainGrammar.Text text:
                return [Match(text.Bytes, at)];
            case PlainGrammar.Except except:
                return except.Texts().Select(t => Match(new PlainGrammar.Text(t).Bytes, at));
            case PlainGrammar.Rule rule:
                return [.. All(Visit(_rules[rule.Number], at))];
            case PlainGrammar.Choice choice:
                return [.. All(Visit(choice.First, at)), .. All(Visit(choice.Second, at))];
            case PlainGrammar.Sequence sequence:
                var first = Visit(sequence.First, at);

                // A text of the first part that goes beyond the bytes needs some text of the second part after it.
                return [(-1, first.Begins && Visit(sequence.Second, _bytes.Length).Begins), .. first.Ends.SelectMany(e => All(Visit(sequence.Second, e)))];
            default:
                var repeat = (PlainGrammar.Repeat)part;
                if (repeat.Max == 0)
                {
                    return [(at, at == _bytes.Length)];
                }

                var rest = repeat with { Min = Math.Max(repeat.Min - 1, 0), Max = repeat.Max == int.MaxValue ? repeat.Max : repeat.Max - 1 };
                var more = All(Visit(new PlainGrammar.Sequence(repeat.Item, rest), at));
                return [.. more, (repeat.Min == 0 ? at : -1, repeat.Min == 0 && at == _bytes.Length)];
        }
    }

    private static IEnumerable<(int, bool)> All((HashSet<int> Ends, bool Begins) entry) => [.. entry.Ends.Select(e => (e, false)), (-1, entry.Begins)];

    private (int End, bool Begins) Match(byte[] text, int at)
    {
        var rest = _bytes.AsSpan(at);
        return (rest.StartsWith(text) ? at + text.Length : -1, text.AsSpan().StartsWith(rest));
    }
}
