namespace Microscale.Guard.Grammar;

/// <summary>Makes context-free grammars whose terminals are regular expressions over bytes. The language is that of the rules and
/// nothing else: a text is split into terminals in every possible way, there is no separate lexer whose longest match could get
/// in between. Not safe for concurrent callers.</summary>
internal sealed class GrammarBuilder
{
    private readonly Dictionary<Key, GrammarNode> _nodes = [];
    private int _count;

    public GrammarBuilder(GrammarLimits? limits = null)
    {
        Limits = limits ?? GrammarLimits.Default;
        Fuel = new Fuel(Limits);
        Regexes = new RegexBuilder(Fuel);
    }

    public GrammarLimits Limits { get; }

    /// <summary>Makes the terminals.</summary>
    public RegexBuilder Regexes { get; }

    /// <summary>The empty string.</summary>
    public GrammarNode Empty => Sequence();

    /// <summary>No string: a part that cannot be.</summary>
    public GrammarNode Nothing => Choice();

    internal Fuel Fuel { get; }

    /// <summary>The strings of a regular expression.</summary>
    public GrammarNode Terminal(RegexNode regex) => regex.Kind switch
    {
        RegexKind.Epsilon => Empty,
        RegexKind.Empty => Nothing,
        _ => Intern(GrammarNodeKind.Terminal, [], regex.Id, 0, regex),
    };

    /// <summary>A text as it is.</summary>
    public GrammarNode Literal(string text) => Terminal(Regexes.Literal(text));

    /// <summary>A rule, to be defined later with <see cref="GrammarRule.Define"/>.</summary>
    public GrammarRule Declare(string name) => new(NextId(), name);

    /// <summary>The parts one after the other. Neighbouring terminals stay apart: join them with
    /// <see cref="RegexBuilder.Concat(ReadOnlySpan{RegexNode})"/> where their strings always belong together, that is faster.</summary>
    public GrammarNode Sequence(params ReadOnlySpan<GrammarNode> items)
    {
        var flat = new List<GrammarNode>(items.Length);
        foreach (var item in items)
        {
            if (item.Kind == GrammarNodeKind.Choice && item.Items.Length == 0)
            {
                return item;
            }

            flat.AddRange(item.Kind == GrammarNodeKind.Sequence ? item.Items : [item]);
        }

        return flat is [var only] ? only : Intern(GrammarNodeKind.Sequence, [.. flat]);
    }

    /// <summary>One of the parts.</summary>
    public GrammarNode Choice(params ReadOnlySpan<GrammarNode> items)
    {
        var flat = new List<GrammarNode>(items.Length);
        var regexes = new List<RegexNode>();
        foreach (var item in items)
        {
            foreach (var part in item.Kind == GrammarNodeKind.Choice ? item.Items : [item])
            {
                if (part.Regex is { } regex)
                {
                    regexes.Add(regex);
                }
                else if (!flat.Contains(part))
                {
                    flat.Add(part);
                }
            }
        }

        if (regexes.Count > 0)
        {
            flat.Add(Terminal(Regexes.Or([.. regexes])));
        }

        return flat is [var only] ? only : Intern(GrammarNodeKind.Choice, [.. flat]);
    }

    /// <summary>A part or nothing.</summary>
    public GrammarNode Optional(GrammarNode item) => Repeat(item, 0, 1);

    /// <summary>A part some times. Bounds of a terminal cost nothing; those of other parts cost a node a time.</summary>
    public GrammarNode Repeat(GrammarNode item, int min, int max = RegexNode.Unbounded)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        if (item.Regex is { } regex)
        {
            return Terminal(Regexes.Repeat(regex, min, max));
        }

        if (max == 0)
        {
            return Empty;
        }

        return min == 1 && max == 1 ? item : Intern(GrammarNodeKind.Repeat, [item], min, max);
    }

    private GrammarNode Intern(GrammarNodeKind kind, GrammarNode[] items, int min = 0, int max = 0, RegexNode? regex = null)
    {
        var key = new Key(kind, items, min, max);
        if (!_nodes.TryGetValue(key, out var node))
        {
            _nodes[key] = node = new GrammarNode(NextId(), kind) { Items = items, Min = min, Max = max, Regex = regex };
        }

        return node;
    }

    private int NextId()
    {
        if (_count == Limits.MaxGrammarSize)
        {
            throw new GrammarLimitException(
                $"The grammar has more nodes than {nameof(GrammarLimits)}.{nameof(GrammarLimits.MaxGrammarSize)} allows ({Limits.MaxGrammarSize}).");
        }

        return _count++;
    }

    private readonly record struct Key(GrammarNodeKind Kind, GrammarNode[] Items, int Min, int Max)
    {
        public bool Equals(Key other) =>
            Kind == other.Kind && Min == other.Min && Max == other.Max && Items.AsSpan().SequenceEqual(other.Items);

        public override int GetHashCode()
        {
            var hash = HashCode.Combine(Kind, Min, Max);
            foreach (var item in Items)
            {
                hash = unchecked((hash * 31) + item.Id);
            }

            return hash;
        }
    }
}
