namespace Microscale.Guard.Grammar;

/// <summary>Takes out of a network what can never be completed, and finds the rules that may be empty.</summary>
internal static class RuleNetworkTrimmer
{
    public static void Trim(List<RuleState> states, List<RuleStart> rules, Func<int, bool> isPossible)
    {
        var possible = new Dictionary<int, bool>();
        var alive = Reach(states, rules, terminal =>
        {
            if (!possible.TryGetValue(terminal, out var value))
            {
                possible[terminal] = value = isPossible(terminal);
            }

            return value;
        });
        var empty = Reach(states, rules, _ => false);
        foreach (var rule in rules)
        {
            rule.Nullable = empty[rule.State.Id];
        }

        foreach (var state in states)
        {
            state.Same.RemoveAll(s => !alive[s.Id]);
            state.Terminals.RemoveAll(t => !possible[t.Terminal] || !alive[t.Next.Id]);
            state.Rules.RemoveAll(r => !alive[r.Rule.State.Id] || !alive[r.Next.Id]);
        }
    }

    public static bool IsDead(this RuleState state) =>
        !state.IsEnd && state.Same.Count == 0 && state.Terminals.Count == 0 && state.Rules.Count == 0;

    /// <summary>The states from which the end of their rule can be reached, using the terminals that are allowed.</summary>
    private static bool[] Reach(List<RuleState> states, List<RuleStart> rules, Func<int, bool> terminals)
    {
        // Backward edges; one through a rule is open once the rule's own beginning is reached.
        var before = new List<(RuleState From, RuleStart? Through)>?[states.Count];
        var callers = new List<(RuleState From, RuleState Next)>?[rules.Count];
        var startOf = rules.ToLookup(r => r.State.Id);
        foreach (var state in states)
        {
            foreach (var next in state.Same)
            {
                (before[next.Id] ??= []).Add((state, null));
            }

            foreach (var (terminal, next) in state.Terminals)
            {
                if (terminals(terminal))
                {
                    (before[next.Id] ??= []).Add((state, null));
                }
            }

            foreach (var (rule, next) in state.Rules)
            {
                (before[next.Id] ??= []).Add((state, rule));
                (callers[rule.Id] ??= []).Add((state, next));
            }
        }

        var reached = new bool[states.Count];
        var open = new Stack<RuleState>();
        foreach (var state in states.Where(s => s.IsEnd))
        {
            Reached(state);
        }

        while (open.TryPop(out var state))
        {
            foreach (var (from, through) in before[state.Id] ?? [])
            {
                if (through is null || reached[through.State.Id])
                {
                    Reached(from);
                }
            }

            foreach (var (from, next) in startOf[state.Id].SelectMany(r => callers[r.Id] ?? []))
            {
                if (reached[next.Id])
                {
                    Reached(from);
                }
            }
        }

        return reached;

        void Reached(RuleState state)
        {
            if (!reached[state.Id])
            {
                reached[state.Id] = true;
                open.Push(state);
            }
        }
    }
}
