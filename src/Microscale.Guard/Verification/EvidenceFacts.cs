namespace Microscale.Guard;

/// <summary>What the evidence names: numbers, dates and words.</summary>
internal sealed class EvidenceFacts
{
    /// <summary>How many other words may stand among the words of a name ("Barack Obama, then the president").</summary>
    private const int Gap = 4;

    private static readonly string[] DemonymEndings = ["n", "an", "ian", "ean", "ese", "ish", "s", "i", "er", "y"];

    private readonly HashSet<(string Key, NumberKind Kind)> _numbers = [];
    private readonly HashSet<string> _bare = new(StringComparer.Ordinal);
    private readonly List<Quantity> _quantities = [];
    private readonly List<DateParts> _dates = [];
    private readonly List<IReadOnlyList<string>> _passages = [];
    private readonly HashSet<string> _initials = new(StringComparer.Ordinal);

    public EvidenceFacts(IEnumerable<Evidence> evidence)
    {
        foreach (var passage in evidence)
        {
            Add(passage.Source is null ? passage.Text : passage.Source + "\n" + passage.Text);
        }
    }

    /// <summary>What a claim names and the evidence does not. The result of a right sum in the claim is not missing.</summary>
    public MissingFacts MissingOf(string claim)
    {
        var (dates, rest) = DateExtractor.Extract(claim);
        var results = Equation.Find(claim).Where(e => e.IsRight).SelectMany(e => NumberExtractor.Extract(e.Result)).Select(n => n.Key).ToHashSet();
        return new MissingFacts(
            [
                .. dates.Where(d => !Contains(d)).Select(d => d.Text),
                .. NumberExtractor.Extract(rest).Where(n => !n.IsAmbiguous && !results.Contains(n.Key) && !Contains(n)).Select(n => n.Text),
            ],
            [.. NameExtractor.Extract(rest).Where(n => !Contains(n)).Select(n => n.Text)]);
    }

    /// <summary>Whether the number occurs; one with a unit with that unit, converted where need be, or without any (as in a
    /// table).</summary>
    public bool Contains(NumberFact number) => number.Quantity is { } quantity
        ? _quantities.Exists(quantity.IsSame) || _bare.Contains(number.Key)
        : _numbers.Contains((number.Key, number.Kind));

    public bool Contains(DateFact date) => date.Readings.Any(r => _dates.Exists(r.IsIn));

    public bool Contains(NameFact name) =>
        _passages.Exists(p => Contains(p, name.Words))
        || (name.Words.Count == 1 && name.Words[0].Length > 1 && _initials.Contains(name.Words[0]))
        || (name.Words.Count > 1 && _passages.Exists(p => p.Contains(name.Initials)));

    private void Add(string text)
    {
        var words = NameExtractor.Words(text);
        var (dates, rest) = DateExtractor.Extract(text);
        _passages.Add(words);
        _passages.AddRange(dates.SelectMany(d => d.Readings).Where(r => r.Month is not null)
            .Select(r => (IReadOnlyList<string>)[System.Globalization.CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(r.Month!.Value).ToLowerInvariant()]));
        foreach (var number in NumberExtractor.Extract(rest))
        {
            _numbers.Add((number.Key, number.Kind));
            if (number.Quantity is { } quantity)
            {
                _quantities.Add(quantity);
            }
            else if (number.Kind == NumberKind.Plain)
            {
                _bare.Add(number.Key);
            }
        }

        foreach (var reading in dates.SelectMany(d => d.Readings))
        {
            _dates.Add(reading);
            AddNumber(reading.Year);
            AddNumber(reading.Day);
        }

        foreach (var name in NameExtractor.Extract(text))
        {
            if (name.Words.Count > 1)
            {
                _initials.Add(name.Initials);
            }
        }

        void AddNumber(int? value)
        {
            if (value is { } v)
            {
                var key = v.ToString(System.Globalization.CultureInfo.InvariantCulture);
                _numbers.Add((key, NumberKind.Plain));
                _bare.Add(key);
            }
        }
    }

    private static bool Contains(IReadOnlyList<string> passage, IReadOnlyList<string> name)
    {
        var reach = name.Count + Gap;
        for (var i = 0; i < passage.Count; i++)
        {
            if (IsSame(passage[i], name[0]))
            {
                var from = Math.Max(0, i - reach);
                var near = passage.Skip(from).Take(i + reach - from);
                if (name.All(word => near.Any(w => IsSame(w, word))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Equal, or a country and its people ("Brazil", "Brazilian").</summary>
    private static bool IsSame(string left, string right)
    {
        var (small, large) = left.Length <= right.Length ? (left, right) : (right, left);
        if (small.Length == large.Length)
        {
            return string.Equals(small, large, StringComparison.Ordinal);
        }

        return small.Length >= 4
            && ((large.StartsWith(small, StringComparison.Ordinal) && DemonymEndings.Contains(large[small.Length..]))
                || (small[^1] == 'y' && large.AsSpan().SequenceEqual(small[..^1] + "ian")));
    }
}

/// <summary>What a claim names and the evidence does not.</summary>
/// <param name="Figures">Numbers, quantities and dates, as they are written.</param>
/// <param name="Names">Names, as they are written.</param>
internal sealed record MissingFacts(IReadOnlyList<string> Figures, IReadOnlyList<string> Names);
