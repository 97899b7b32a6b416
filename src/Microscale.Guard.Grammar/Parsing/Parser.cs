namespace Microscale.Guard.Grammar;

/// <summary>Recognises the texts of a grammar byte by byte: an automaton, made as it is used, over sets of terminals under way.
/// Every state it can be in, other than <see cref="Dead"/>, can be completed to a text of the grammar. Not safe for concurrent
/// callers.</summary>
internal sealed class Parser
{
    private readonly RuleNetwork _network;
    private readonly RegexBuilder _regexes;
    private readonly Fuel _fuel;
    private readonly Lexer _lexer;
    private readonly RowBuilder _rows;
    private readonly Dictionary<IntList, ParserState> _states = [];
    private readonly List<(RuleState State, ReturnSet Returns)> _places = [];
    private readonly List<(ParserRow Row, LexerState Lexer)> _threads = [];
    private int _count;

    public Parser(RuleNetwork network, RegexBuilder regexes, Fuel fuel)
    {
        _network = network;
        _regexes = regexes;
        _fuel = fuel;
        regexes.Keep();
        _lexer = new Lexer(regexes, network.Terminals, fuel);
        _rows = new RowBuilder(_lexer, fuel);
        Dead = new ParserState(_count++, [], false, 0);
        Start = MakeStart();
    }

    public ByteClasses Classes => _lexer.Classes;

    /// <summary>The state from which nothing leads to a text of the grammar. It has no transitions.</summary>
    public ParserState Dead { get; }

    /// <summary>The state before the first byte.</summary>
    public ParserState Start { get; private set; }

    /// <summary>Forgets what was made when that is more than the limit. States in use go on working.</summary>
    public void Trim()
    {
        if (_states.Count <= _fuel.Limits.MaxCachedStates)
        {
            return;
        }

        _states.Clear();
        _rows.Clear();
        _lexer.Clear();
        _regexes.Forget();
        Start = MakeStart();
    }

    /// <summary>The state after a byte of a class.</summary>
    public ParserState Step(ParserState state, int byteClass) => state.Next[byteClass] ??= Make(state, byteClass);

    private ParserState MakeStart()
    {
        var row = _rows.Root(_network.Root);
        _threads.Clear();
        AddThread(row, row.Start);
        return Intern(row.IsAccepting);
    }

    private ParserState Make(ParserState state, int byteClass)
    {
        _threads.Clear();
        _places.Clear();
        foreach (var (row, lexer) in state.Threads)
        {
            var next = _lexer.Step(lexer, byteClass);
            if (next == _lexer.Dead)
            {
                continue;
            }

            AddThread(row, next);
            foreach (var terminal in next.Complete)
            {
                AddPlaces(row, terminal);
            }
        }

        var isAccepting = false;
        if (_places.Count > 0)
        {
            var row = _rows.Build(_places);
            AddThread(row, row.Start);
            isAccepting = row.IsAccepting;
        }

        return _threads.Count == 0 && !isAccepting ? Dead : Intern(isAccepting);
    }

    private void AddThread(ParserRow row, LexerState lexer)
    {
        // What is complete and cannot go on has left its places behind.
        if (!lexer.First.IsEmpty)
        {
            _threads.Add((row, lexer));
        }
    }

    private void AddPlaces(ParserRow row, int terminal)
    {
        var expected = row.Expected;
        var (low, high) = (0, expected.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = expected[middle].Terminal < terminal ? (middle + 1, high) : (low, middle);
        }

        for (; low < expected.Length && expected[low].Terminal == terminal; low++)
        {
            _places.Add((expected[low].Next, expected[low].Returns));
        }
    }

    private static void SortDistinct(List<(ParserRow Row, LexerState Lexer)> threads)
    {
        threads.Sort(static (x, y) => x.Row.Id != y.Row.Id ? x.Row.Id.CompareTo(y.Row.Id) : x.Lexer.Id.CompareTo(y.Lexer.Id));
        var kept = 1;
        for (var i = 1; i < threads.Count; i++)
        {
            if (threads[i] != threads[kept - 1])
            {
                threads[kept++] = threads[i];
            }
        }

        threads.RemoveRange(kept, threads.Count - kept);
    }

    private ParserState Intern(bool isAccepting)
    {
        _fuel.Spend(1 + _threads.Count);
        if (_threads.Count > 1)
        {
            SortDistinct(_threads);
        }

        var ids = new int[(2 * _threads.Count) + 1];
        for (var i = 0; i < _threads.Count; i++)
        {
            (ids[2 * i], ids[(2 * i) + 1]) = (_threads[i].Row.Id, _threads[i].Lexer.Id);
        }

        ids[^1] = isAccepting ? 1 : 0;
        var key = new IntList(ids);
        if (!_states.TryGetValue(key, out var state))
        {
            _states[key] = state = new ParserState(_count++, [.. _threads], isAccepting, Classes.Count);
        }

        return state;
    }
}
