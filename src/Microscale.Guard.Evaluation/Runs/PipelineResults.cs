namespace Microscale.Guard.Evaluation;

/// <summary>What a run found of one pipeline.</summary>
public sealed class PipelineResults
{
    private readonly List<EvaluatedRow> _rows = [];
    private readonly HashSet<long> _seen = [];
    private readonly ExampleList _accepted = new(mostSureFirst: true);
    private readonly ExampleList _withheld = new(mostSureFirst: false);
    private bool _isSorted = true;
    private double _milliseconds;

    internal PipelineResults(string name, string fingerprint) => (Name, Fingerprint) = (name, fingerprint);

    /// <summary>The name of the pipeline.</summary>
    public string Name { get; }

    /// <summary>What it is made of.</summary>
    public string Fingerprint { get; }

    /// <summary>The facts of each row, in the order of the data set.</summary>
    public IReadOnlyList<EvaluatedRow> Rows
    {
        get
        {
            if (!_isSorted)
            {
                // Evaluations end in any order; sums of floating-point numbers must not depend on it.
                _rows.Sort((a, b) => a.Row.CompareTo(b.Row));
                _isSorted = true;
            }

            return _rows;
        }
    }

    /// <summary>How long its evaluations took, added up.</summary>
    public TimeSpan Time => TimeSpan.FromMilliseconds(_milliseconds);

    /// <summary>What became of schemas; null for other kinds of data.</summary>
    public SchemaCounts? Schema { get; private set; }

    /// <summary>The model that answered; null when none said its name, or several did.</summary>
    public string? Model => Models.Count == 1 ? Models.First() : null;

    /// <summary>What was let through and is not true: the most sure ones, a few.</summary>
    public IReadOnlyList<EvaluationItem> AcceptedErrors => _accepted.Items;

    /// <summary>What is true and was not let through: the least sure ones, a few.</summary>
    public IReadOnlyList<EvaluationItem> WithheldTruths => _withheld.Items;

    internal HashSet<string> Models { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> Scorers { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> Prompts { get; } = new(StringComparer.Ordinal);

    internal void Add(EvaluationItem item)
    {
        if (!_seen.Add(item.Row))
        {
            return;
        }

        _isSorted &= _rows.Count == 0 || _rows[^1].Row < item.Row;
        _rows.Add(EvaluatedRow.Of(item));
        _milliseconds += item.Milliseconds;
        Schema = item.Schema is { } counts ? counts.Plus(Schema ?? SchemaCounts.None) : Schema;
        AddTo(Models, item.Model);
        AddTo(Scorers, item.Scorer);
        AddTo(Prompts, item.Prompt);
        if (item.IsAccepted && !item.IsTrue)
        {
            _accepted.Add(item);
        }
        else if (!item.IsAccepted && item.IsTrue)
        {
            _withheld.Add(item);
        }
    }

    private static void AddTo(HashSet<string> set, string? value)
    {
        // More than a few names are as good as none.
        if (value is not null && set.Count < 16)
        {
            set.Add(value);
        }
    }

    /// <summary>The few most telling items of those that were added, whatever the order.</summary>
    private sealed class ExampleList(bool mostSureFirst)
    {
        private const int Most = 12;

        private readonly SortedList<(double, long), EvaluationItem> _items = [];

        public IReadOnlyList<EvaluationItem> Items => [.. _items.Values];

        public void Add(EvaluationItem item)
        {
            _items.Add((mostSureFirst ? -(item.Score ?? 0) : item.Score ?? 0, item.Row), item);
            if (_items.Count > Most)
            {
                _items.RemoveAt(Most);
            }
        }
    }
}

/// <summary>The facts of an <see cref="EvaluationItem"/>, of which figures are made.</summary>
/// <param name="Row">The place of the row in its data set, from 0.</param>
/// <param name="Score">See <see cref="EvaluationItem.Score"/>.</param>
/// <param name="RawScore">See <see cref="EvaluationItem.RawScore"/>.</param>
/// <param name="IsTrue">See <see cref="EvaluationItem.IsTrue"/>.</param>
/// <param name="IsAccepted">See <see cref="EvaluationItem.IsAccepted"/>.</param>
/// <param name="IsRight">See <see cref="EvaluationItem.IsRight"/>.</param>
/// <param name="IsUpToScore">See <see cref="EvaluationItem.IsUpToScore"/>.</param>
/// <param name="Class">See <see cref="EvaluationItem.Class"/>.</param>
/// <param name="Group">See <see cref="EvaluationItem.Group"/>.</param>
public readonly record struct EvaluatedRow(
    long Row, double? Score, double? RawScore, bool IsTrue, bool IsAccepted, bool IsRight, bool IsUpToScore, string? Class, string? Group)
{
    internal static EvaluatedRow Of(EvaluationItem item) => new(
        item.Row,
        item.Score,
        item.RawScore,
        item.IsTrue,
        item.IsAccepted,
        item.IsRight,
        item.IsUpToScore,
        item.Class is null ? null : string.Intern(item.Class),
        item.Group);
}
