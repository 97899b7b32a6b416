namespace Microscale.Guard.Grammar;

/// <summary>Reads terminals byte by byte: a deterministic automaton over derivatives that is made as it is used. Not safe for
/// concurrent callers.</summary>
internal sealed class Lexer
{
    private readonly RegexBuilder _regexes;
    private readonly RegexNode[] _terminals;
    private readonly Fuel _fuel;
    private readonly Dictionary<IntList, LexerState> _states = [];
    private int _count;

    public Lexer(RegexBuilder regexes, RegexNode[] terminals, Fuel fuel)
    {
        _regexes = regexes;
        _terminals = terminals;
        _fuel = fuel;
        Classes = ByteClasses.Of(terminals);
        regexes.Emptiness.Classes = Classes;
        Dead = Intern([], []);
    }

    public ByteClasses Classes { get; }

    /// <summary>The state in which no terminal is possible.</summary>
    public LexerState Dead { get; }

    /// <summary>The state before the first byte of some terminals, given in order of their numbers.</summary>
    public LexerState Start(int[] terminals) => Intern(terminals, [.. terminals.Select(t => _terminals[t])]);

    public LexerState Step(LexerState state, int byteClass) => state.Next[byteClass] ??= Derive(state, Classes.Representatives[byteClass]);

    public void Clear() => _states.Clear();

    private LexerState Derive(LexerState state, byte value)
    {
        if (!state.First.Contains(value))
        {
            return Dead;
        }

        _fuel.Spend(state.Rests.Length);
        var terminals = new List<int>(state.Rests.Length);
        var rests = new List<RegexNode>(state.Rests.Length);
        for (var i = 0; i < state.Rests.Length; i++)
        {
            var rest = _regexes.Derive(state.Rests[i], value);
            if (_regexes.Emptiness.IsLive(rest))
            {
                terminals.Add(state.Terminals[i]);
                rests.Add(rest);
            }
        }

        return terminals.Count == 0 ? Dead : Intern([.. terminals], [.. rests]);
    }

    private LexerState Intern(int[] terminals, RegexNode[] rests)
    {
        var ids = new int[terminals.Length * 2];
        for (var i = 0; i < terminals.Length; i++)
        {
            (ids[2 * i], ids[(2 * i) + 1]) = (terminals[i], rests[i].Id);
        }

        var key = new IntList(ids);
        if (!_states.TryGetValue(key, out var state))
        {
            _states[key] = state = new LexerState(_count++, terminals, rests, Classes.Count);
        }

        return state;
    }
}
