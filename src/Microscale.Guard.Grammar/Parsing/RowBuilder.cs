using System.Runtime.InteropServices;

namespace Microscale.Guard.Grammar;

/// <summary>Makes the rows of the parser: all that follows without reading from the places that were reached (Earley's predictor
/// and completer; for rules that may be empty: Aycock and Horspool 2002). Not safe for concurrent callers.</summary>
internal sealed class RowBuilder(Lexer lexer, Fuel fuel)
{
    private readonly ReturnSets _returns = new();
    private readonly Dictionary<IntList, ParserRow> _byPlaces = [];
    private readonly Dictionary<IntList, ParserRow> _byContent = [];
    private readonly HashSet<(RuleState, object)> _seen = [];
    private readonly Stack<(RuleState State, object Returns)> _open = [];
    private readonly Dictionary<RuleStart, PendingCall> _calls = [];
    private readonly List<(int Terminal, RuleState Next, object Returns)> _expected = [];
    private int _count;

    public ParserRow Root(RuleStart root) => Build([(root.State, _returns.Root)]);

    /// <summary>The row of some places; the list is sorted and freed of duplicates.</summary>
    public ParserRow Build(List<(RuleState State, ReturnSet Returns)> places)
    {
        var key = Key(places);
        if (!_byPlaces.TryGetValue(key, out var row))
        {
            _byPlaces[key] = row = Close(places);
        }

        return row;
    }

    public void Clear()
    {
        _returns.Clear();
        _byPlaces.Clear();
        _byContent.Clear();
    }

    private static IntList Key(List<(RuleState State, ReturnSet Returns)> places)
    {
        if (places.Count > 1)
        {
            places.Sort(static (x, y) => x.State.Id != y.State.Id ? x.State.Id.CompareTo(y.State.Id) : x.Returns.Id.CompareTo(y.Returns.Id));
        }

        var ids = new int[2 * places.Count];
        var count = 0;
        for (var i = 0; i < places.Count; i++)
        {
            if (i == 0 || places[i] != places[i - 1])
            {
                (ids[count], ids[count + 1]) = (places[i].State.Id, places[i].Returns.Id);
                count += 2;
            }
        }

        return new IntList(count == ids.Length ? ids : ids[..count]);
    }

    private ParserRow Close(List<(RuleState State, ReturnSet Returns)> places)
    {
        _seen.Clear();
        _open.Clear();
        _calls.Clear();
        _expected.Clear();
        var isAccepting = false;
        foreach (var (state, returns) in places)
        {
            Open(state, returns);
        }

        while (_open.TryPop(out var item))
        {
            var (state, returns) = item;
            foreach (var same in state.Same)
            {
                Open(same, returns);
            }

            foreach (var (terminal, next) in state.Terminals)
            {
                _expected.Add((terminal, next, returns));
            }

            foreach (var (rule, next) in state.Rules)
            {
                Call(rule, next, returns);
            }

            // A rule that begins and ends here was taken care of where it was called.
            if (state.IsEnd && returns is ReturnSet set)
            {
                isAccepting |= set == _returns.Root;
                foreach (var (after, outer) in set.Entries)
                {
                    Open(after, outer);
                }
            }
        }

        _returns.Resolve([.. _calls.Values]);
        return Intern(isAccepting);
    }

    private void Call(RuleStart rule, RuleState next, object returns)
    {
        ref var call = ref CollectionsMarshal.GetValueRefOrAddDefault(_calls, rule, out var exists);
        call ??= new PendingCall(rule);
        call.Entries.Add((next, returns));
        if (!exists)
        {
            Open(rule.State, call);
        }

        if (rule.Nullable)
        {
            Open(next, returns);
        }
    }

    private void Open(RuleState state, object returns)
    {
        if (!_seen.Add((state, returns)))
        {
            return;
        }

        fuel.Spend(1);
        if (_seen.Count > fuel.Limits.MaxItems)
        {
            throw new GrammarLimitException(
                $"The grammar has more than {fuel.Limits.MaxItems} ways to go on at one position ({nameof(GrammarLimits)}.{nameof(GrammarLimits.MaxItems)}); make it less ambiguous or raise the limit.");
        }

        _open.Push((state, returns));
    }

    private ParserRow Intern(bool isAccepting)
    {
        var expected = new (int Terminal, RuleState Next, ReturnSet Returns)[_expected.Count];
        for (var i = 0; i < expected.Length; i++)
        {
            var (terminal, next, returns) = _expected[i];
            expected[i] = (terminal, next, returns as ReturnSet ?? ((PendingCall)returns).Resolved!);
        }

        Array.Sort(expected, static (x, y) => (x.Terminal, x.Next.Id, x.Returns.Id).CompareTo((y.Terminal, y.Next.Id, y.Returns.Id)));
        var ids = new int[(3 * expected.Length) + 1];
        var terminals = new List<int>(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var (terminal, next, returns) = expected[i];
            (ids[3 * i], ids[(3 * i) + 1], ids[(3 * i) + 2]) = (terminal, next.Id, returns.Id);
            if (terminals.Count == 0 || terminals[^1] != terminal)
            {
                terminals.Add(terminal);
            }
        }

        ids[^1] = isAccepting ? 1 : 0;
        var key = new IntList(ids);
        if (!_byContent.TryGetValue(key, out var row))
        {
            _byContent[key] = row = new ParserRow(_count++, expected, lexer.Start([.. terminals]), isAccepting);
        }

        return row;
    }
}
