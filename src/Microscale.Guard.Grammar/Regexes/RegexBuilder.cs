using System.Runtime.InteropServices;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Makes regular expressions over bytes, in a normal form in which equal expressions are mostly the same node. Not safe for concurrent callers.</summary>
internal sealed class RegexBuilder
{
    private readonly Fuel _fuel;
    private readonly Dictionary<ByteSet, RegexNode> _bytes = [];
    private readonly Dictionary<(int, int), RegexNode> _concats = [];
    private readonly Dictionary<(int, int, int), RegexNode> _repeats = [];
    private readonly Dictionary<int, RegexNode> _nots = [];
    private readonly Dictionary<MultipleOfState, RegexNode> _multiples = [];
    private readonly Dictionary<(int, int), RegexNode> _escaped = [];
    private readonly Dictionary<NodeList, RegexNode> _ors = [];
    private readonly Dictionary<NodeList, RegexNode> _ands = [];
    private readonly RegexDerivatives _derivatives;
    private int _count;
    private int _kept;
    private int _remembered;

    public RegexBuilder(Fuel fuel)
    {
        _fuel = fuel;
        _derivatives = new RegexDerivatives(this, fuel);
        Empty = new RegexNode(_count++, RegexKind.Empty);
        Epsilon = new RegexNode(_count++, RegexKind.Epsilon) { Nullable = true };
        All = Not(Empty);
        _nots[All.Id] = Empty;
        Emptiness = new RegexEmptiness(this, fuel);
    }

    /// <summary>No string.</summary>
    public RegexNode Empty { get; }

    /// <summary>The empty string.</summary>
    public RegexNode Epsilon { get; }

    /// <summary>Every string of bytes, also one that is not UTF-8.</summary>
    public RegexNode All { get; }

    /// <summary>One Unicode code point in UTF-8 (surrogates are none).</summary>
    public RegexNode AnyCodePoint => field ??= CodePoints(CodePointSet.All);

    /// <summary>Every text: code points in UTF-8.</summary>
    public RegexNode AnyText => field ??= Repeat(AnyCodePoint, 0);

    /// <summary>How many nodes were made since <see cref="Keep"/> or <see cref="Forget"/>.</summary>
    public int NewCount => _count - _remembered;

    /// <summary>Answers whether languages are empty.</summary>
    public RegexEmptiness Emptiness { get; }

    /// <summary>One byte of a set.</summary>
    public RegexNode Bytes(ByteSet set)
    {
        if (set.IsEmpty)
        {
            return Empty;
        }

        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_bytes, set, out _);
        return node ??= new RegexNode(NextId(), RegexKind.Bytes) { Set = set };
    }

    /// <summary>One code point of a set, in UTF-8.</summary>
    public RegexNode CodePoints(CodePointSet set) => Utf8Ranges.Build(this, set);

    /// <summary>A text as it is.</summary>
    public RegexNode Literal(string text) => Literal(Encoding.UTF8.GetBytes(text));

    /// <summary>A text as it is.</summary>
    public RegexNode Literal(ReadOnlySpan<byte> bytes)
    {
        var node = Epsilon;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            node = Concat(Bytes(ByteSet.Of(bytes[i])), node);
        }

        return node;
    }

    /// <summary>One of some texts; common beginnings are shared, so many texts are cheap.</summary>
    public RegexNode Literals(IEnumerable<string> texts) => LiteralTrie.Build(this, texts.Select(Encoding.UTF8.GetBytes));

    public RegexNode Concat(params ReadOnlySpan<RegexNode> nodes)
    {
        var result = Epsilon;
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            result = Concat(nodes[i], result);
        }

        return result;
    }

    public RegexNode Concat(RegexNode head, RegexNode tail)
    {
        if (head == Empty || tail == Empty)
        {
            return Empty;
        }

        if (head == Epsilon || (head == All && tail == All))
        {
            return tail;
        }

        if (tail == Epsilon)
        {
            return head;
        }

        if (head.Kind == RegexKind.Concat)
        {
            return ConcatChain(head, tail);
        }

        if (head.Kind == RegexKind.Repeat && tail.Kind == RegexKind.Repeat && head.Left == tail.Left)
        {
            return Repeat(head.Left!, Add(head.Min, tail.Min), Add(head.Max, tail.Max));
        }

        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_concats, (head.Id, tail.Id), out _);
        return node ??= new RegexNode(NextId(), RegexKind.Concat)
        {
            Left = head,
            Right = tail,
            Nullable = head.Nullable && tail.Nullable,
            MayBeEmpty = head.MayBeEmpty || tail.MayBeEmpty,
        };
    }

    public RegexNode Or(params ReadOnlySpan<RegexNode> nodes) =>
        nodes.Length switch
        {
            0 => Empty,
            1 => nodes[0],
            2 when nodes[0] == nodes[1] || nodes[1] == Empty => nodes[0],
            2 when nodes[0] == Empty => nodes[1],
            _ => RegexUnion.Build(this, nodes),
        };

    public RegexNode And(params ReadOnlySpan<RegexNode> nodes) =>
        nodes.Length switch
        {
            0 => All,
            1 => nodes[0],
            2 when nodes[0] == nodes[1] || nodes[1] == All => nodes[0],
            2 when nodes[0] == All => nodes[1],
            _ => RegexIntersection.Build(this, nodes),
        };

    /// <summary>Every string of bytes that is not in the language; intersect it with texts that are meant.</summary>
    public RegexNode Not(RegexNode node)
    {
        if (node.Kind == RegexKind.Not)
        {
            return node.Left!;
        }

        ref var result = ref CollectionsMarshal.GetValueRefOrAddDefault(_nots, node.Id, out _);
        return result ??= new RegexNode(NextId(), RegexKind.Not) { Left = node, Nullable = !node.Nullable, MayBeEmpty = node != Empty };
    }

    /// <summary>What is in one language and not in another.</summary>
    public RegexNode Except(RegexNode node, RegexNode excluded) => And(node, Not(excluded));

    public RegexNode Optional(RegexNode node) => Or(Epsilon, node);

    /// <summary>A repetition. A large bound costs nothing until text gets there.</summary>
    public RegexNode Repeat(RegexNode node, int min, int max = RegexNode.Unbounded)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        if (node.Nullable)
        {
            min = 0;
        }

        if (max == 0 || node == Epsilon || (node == Empty && min == 0))
        {
            return Epsilon;
        }

        if (node == Empty || (min == 1 && max == 1) || node == All)
        {
            return node;
        }

        if (node.Nullable && max == 1)
        {
            return node;
        }

        if (node.Kind == RegexKind.Repeat && max == RegexNode.Unbounded && node.Max == RegexNode.Unbounded && node.Min <= 1)
        {
            return Repeat(node.Left!, min == 0 ? 0 : node.Min * min);
        }

        if (node.Kind == RegexKind.Bytes && node.Set.IsAll && min == 0 && max == RegexNode.Unbounded)
        {
            return All;
        }

        ref var result = ref CollectionsMarshal.GetValueRefOrAddDefault(_repeats, (node.Id, min, max), out _);
        return result ??= new RegexNode(NextId(), RegexKind.Repeat)
        {
            Left = node,
            Min = min,
            Max = max,
            Nullable = min == 0,
            MayBeEmpty = min > 0 && node.MayBeEmpty,
        };
    }

    /// <summary>The decimal numbers without sign and exponent that are multiples of <paramref name="coefficient"/> /
    /// 10^<paramref name="exponent"/>. Loose in syntax (leading zeros, no digits): intersect it with numbers.</summary>
    public RegexNode MultipleOf(long coefficient, int exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(coefficient, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        return MultipleOf(new MultipleOfState(coefficient, exponent, 0, -1));
    }

    /// <summary>The texts of a language as they are written inside of a JSON string, without the quotes.</summary>
    public RegexNode JsonEscaped(RegexNode node) => JsonEscaped(node, JsonEscapes.Body);

    /// <summary>Parses a pattern.</summary>
    /// <param name="pattern">The pattern, as of ECMA-262 with the flag u: \d and \w are ASCII.</param>
    /// <param name="match">Whether the whole text or a part of it has to match.</param>
    /// <exception cref="GrammarSyntaxException">The pattern is wrong or needs what regular languages do not have.</exception>
    public RegexNode Parse(string pattern, RegexMatch match) => RegexCompiler.Compile(this, RegexParser.Parse(pattern), match);

    /// <summary>Whether no string is in the language.</summary>
    /// <exception cref="GrammarLimitException">The answer takes too much work.</exception>
    public bool IsEmpty(RegexNode node) => Emptiness.IsEmpty(node);

    /// <summary>Whether every string of one language is in the other.</summary>
    /// <exception cref="GrammarLimitException">The answer takes too much work.</exception>
    public bool IsSubset(RegexNode node, RegexNode of) => IsEmpty(Except(node, of));

    /// <summary>The strings s for which <paramref name="value"/> s is in the language.</summary>
    public RegexNode Derive(RegexNode node, byte value) => _derivatives.Of(node, value);

    /// <summary>Marks the nodes so far as those that stay.</summary>
    public void Keep() => _kept = _remembered = _count;

    /// <summary>Forgets the nodes made since <see cref="Keep"/>. Who has one can go on using it.</summary>
    public void Forget()
    {
        _remembered = _count;
        _derivatives.Clear();
        Forget(_bytes);
        Forget(_concats);
        Forget(_repeats);
        Forget(_nots);
        Forget(_multiples);
        Forget(_escaped);
        Forget(_ors);
        Forget(_ands);
    }

    internal RegexNode JsonEscaped(RegexNode node, int state)
    {
        if (node == Empty || (node == Epsilon && state == JsonEscapes.Body))
        {
            return node;
        }

        ref var result = ref CollectionsMarshal.GetValueRefOrAddDefault(_escaped, (node.Id, state), out _);
        return result ??= new RegexNode(NextId(), RegexKind.JsonEscaped)
        {
            Left = node,
            Min = state,
            Nullable = state == JsonEscapes.Body && node.Nullable,
            MayBeEmpty = state != JsonEscapes.Body || node.MayBeEmpty,
        };
    }

    /// <summary>A union in normal form.</summary>
    internal RegexNode InternOr(RegexNode[] children)
    {
        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_ors, new NodeList(children), out _);
        return node ??= new RegexNode(NextId(), RegexKind.Or)
        {
            Children = children,
            Nullable = children.Any(c => c.Nullable),
            MayBeEmpty = children.All(c => c.MayBeEmpty),
        };
    }

    /// <summary>An intersection in normal form.</summary>
    internal RegexNode InternAnd(RegexNode[] children)
    {
        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_ands, new NodeList(children), out _);
        return node ??= new RegexNode(NextId(), RegexKind.And)
        {
            Children = children,
            Nullable = children.All(c => c.Nullable),
            MayBeEmpty = true,
        };
    }

    private void Forget<TKey>(Dictionary<TKey, RegexNode> nodes)
        where TKey : notnull
    {
        foreach (var (key, node) in nodes)
        {
            // An entry without a node is what a limit left behind.
            if (node is null || node.Id >= _kept)
            {
                nodes.Remove(key);
            }
        }
    }

    private static int Add(int x, int y) => (int)Math.Min((long)x + y, RegexNode.Unbounded);

    private RegexNode ConcatChain(RegexNode head, RegexNode tail)
    {
        var heads = new Stack<RegexNode>();
        while (head.Kind == RegexKind.Concat)
        {
            heads.Push(head.Left!);
            head = head.Right!;
        }

        tail = Concat(head, tail);
        while (heads.TryPop(out var next))
        {
            tail = Concat(next, tail);
        }

        return tail;
    }

    internal RegexNode MultipleOf(MultipleOfState state)
    {
        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_multiples, state, out _);

        // Before the point some digits always lead to a multiple; after it there may be too few places left.
        return node ??= new RegexNode(NextId(), RegexKind.MultipleOf) { Multiple = state, Nullable = state.IsMultiple, MayBeEmpty = state.Places >= 0 };
    }

    private int NextId()
    {
        // A node takes memory as well as time.
        _fuel.Spend(4);
        if (_kept == 0 && _count == _fuel.Limits.MaxGrammarSize)
        {
            throw new GrammarLimitException(
                $"The regular expressions of the grammar have more nodes than {nameof(GrammarLimits)}.{nameof(GrammarLimits.MaxGrammarSize)} allows ({_count}).");
        }

        return _count++;
    }
}
