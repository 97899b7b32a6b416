namespace Microscale.Guard.Grammar;

/// <summary>Writes an array of which some items are counted (<c>contains</c>): a rule for each state of the counters.</summary>
internal sealed class CountedItemsEmitter
{
    private const int MaxCounts = 6;
    private const int MaxStates = 20_000;

    private readonly Dictionary<string, GrammarNode> _rules = new(StringComparer.Ordinal);
    private readonly GrammarBuilder _builder;
    private readonly GrammarEmitter _emitter;
    private readonly ArrayAtom _atom;
    private readonly int _lastIndex;

    public CountedItemsEmitter(GrammarBuilder builder, GrammarEmitter emitter, ArrayAtom atom)
    {
        _builder = builder;
        _emitter = emitter;
        _atom = atom;
        if (atom.Counts.Count > MaxCounts)
            throw new JsonSchemaException("contains", atom.Counts[0].Pointer, $"more than {MaxCounts} kinds of items are counted at once; merge some of them");

        // Beyond this index all positions are alike.
        _lastIndex = Math.Max(1, Math.Max(atom.Prefix.Count, atom.Counts.Max(count => count.From)));
        _lastIndex = Math.Max(_lastIndex, atom.Max == ArrayAtom.Unbounded ? atom.Min : atom.Max);
    }

    public GrammarNode Emit() => From(0, new int[_atom.Counts.Count]);

    private GrammarNode From(int index, int[] seen)
    {
        index = Math.Min(index, _lastIndex);
        string key = $"{index}:{string.Join(',', seen)}";
        if (_rules.TryGetValue(key, out var known)) return known;
        if (_rules.Count >= MaxStates)
            throw new JsonSchemaException("contains", _atom.Counts[0].Pointer, "its numbers make too many combinations; lower minContains, maxContains, minItems or maxItems");
        return _rules[key] = _emitter.State("item", () => Define(index, seen));
    }

    private GrammarNode Define(int index, int[] seen)
    {
        var ways = new List<GrammarNode>();
        if (index >= _atom.Min && _atom.Counts.Select((count, i) => seen[i] >= count.Min).All(enough => enough))
            ways.Add(_builder.Terminal(index == 0 ? _emitter.Tokens.EmptyArray : _emitter.Tokens.CloseArray));

        for (int met = 0; index < _atom.Max && met < 1 << seen.Length; met++)
        {
            if (Item(index, seen, met) is not { } item) continue;
            var next = seen.Select((count, i) => Math.Min(count + (met >> i & 1), Enough(_atom.Counts[i]))).ToArray();
            ways.Add(_builder.Sequence(
                _emitter.After(index == 0 ? _emitter.Tokens.OpenArray : _emitter.Tokens.Comma, _emitter.Value(item)), From(index + 1, next)));
        }

        return _builder.Choice([.. ways]);
    }

    /// <summary>The items that are counted by some counters and by no other; null where there are none.</summary>
    private SchemaExpr? Item(int index, int[] seen, int met)
    {
        var item = _atom.ItemAt(index);
        for (int i = 0; i < seen.Length; i++)
        {
            var count = _atom.Counts[i];
            bool counts = (met >> i & 1) != 0;
            if (counts && (index < count.From || seen[i] >= Enough(count))) return null;
            if (counts) item = _emitter.Pool.And(item, count.Kind);
            // One more than is asked for does no harm where there is no upper bound.
            else if (index >= count.From && count.Max != ArrayAtom.Unbounded) item = _emitter.Pool.And(item, _emitter.Pool.Not(count.Kind));
        }

        return _emitter.Sketches.IsEmpty(item) ? null : item;
    }

    private static int Enough(ItemCount count) => count.Max == ArrayAtom.Unbounded ? count.Min : count.Max;
}
