namespace Microscale.Guard.Grammar;

/// <summary>Makes the returns of the rules that begin at one position, and finds out which of them were made before.</summary>
internal sealed class ReturnSets
{
    private readonly Dictionary<IntList, ReturnSet[]> _known = [];
    private int _count;

    public ReturnSets() => Root = new ReturnSet(_count++);

    /// <summary>The returns of the whole grammar: there are none, the text is complete.</summary>
    public ReturnSet Root { get; }

    public void Clear() => _known.Clear();

    /// <summary>Makes the returns of some calls, which may refer to one another.</summary>
    public void Resolve(List<PendingCall> calls)
    {
        // Strongly connected components (Tarjan 1972), each after those that it needs.
        var search = new Search(this);
        foreach (var call in calls)
        {
            search.Visit(call);
        }
    }

    private void ResolveGroup(List<PendingCall> group)
    {
        group.Sort(static (x, y) => x.Rule.Id.CompareTo(y.Rule.Id));
        var key = new List<int>();
        foreach (var call in group)
        {
            Normalize(call, group);
            key.Add(call.Entries.Count);
            foreach (var (state, returns) in call.Entries)
            {
                key.Add(state.Id);
                key.Add(Number(returns));
            }
        }

        var list = new IntList([.. key]);
        if (!_known.TryGetValue(list, out var sets))
        {
            _known[list] = sets = [.. group.Select(_ => new ReturnSet(_count++))];
            for (var i = 0; i < sets.Length; i++)
            {
                sets[i].Entries = [.. group[i].Entries.Select(e => (e.State, e.Returns is PendingCall call ? call.Resolved ?? sets[group.IndexOf(call)] : (ReturnSet)e.Returns))];
            }
        }

        for (var i = 0; i < sets.Length; i++)
        {
            group[i].Resolved = sets[i];
        }

        // Calls of the group itself have no number yet; they count down from -1.
        int Number(object returns) => returns is not PendingCall call ? ((ReturnSet)returns).Id : call.Resolved?.Id ?? -1 - group.IndexOf(call);
    }

    /// <summary>Brings the entries in order, and replaces those with nothing left to read by what comes after them, so that
    /// recursion at the end of a rule does not pile up.</summary>
    private void Normalize(PendingCall call, List<PendingCall> group)
    {
        var entries = new List<(RuleState State, object Returns)>(call.Entries.Count);
        foreach (var (state, returns) in call.Entries)
        {
            var resolved = returns is PendingCall pending ? pending.Resolved : (ReturnSet)returns;
            if (!state.IsEnd || resolved == Root)
            {
                entries.Add((state, resolved ?? returns));
            }
            else if (resolved is not null)
            {
                entries.AddRange(resolved.Entries.Select(e => (e.State, (object)e.Returns)));
            }
            else if (returns != call)
            {
                entries.Add((state, returns));
            }
        }

        entries.Sort((x, y) => (x.State.Id, Order(x.Returns)).CompareTo((y.State.Id, Order(y.Returns))));
        call.Entries = [.. entries.Distinct()];

        int Order(object returns) => returns is ReturnSet set ? set.Id : -1 - group.IndexOf((PendingCall)returns);
    }

    private sealed class Search(ReturnSets sets)
    {
        private readonly Stack<PendingCall> _stack = [];
        private int _index;

        public void Visit(PendingCall call)
        {
            if (call.Index >= 0)
            {
                return;
            }

            RecursionGuard.Check();
            call.Index = call.Low = _index++;
            _stack.Push(call);
            foreach (var next in call.Entries.Select(e => e.Returns).OfType<PendingCall>())
            {
                if (next.Index < 0)
                {
                    Visit(next);
                    call.Low = Math.Min(call.Low, next.Low);
                }
                else if (next.Resolved is null)
                {
                    call.Low = Math.Min(call.Low, next.Index);
                }
            }

            if (call.Low == call.Index)
            {
                var group = new List<PendingCall>();
                do
                {
                    group.Add(_stack.Pop());
                }
                while (group[^1] != call);
                sets.ResolveGroup(group);
            }
        }
    }
}

/// <summary>A rule that begins at the position under work, with its returns so far.</summary>
internal sealed class PendingCall(RuleStart rule)
{
    public RuleStart Rule { get; } = rule;

    /// <summary>The returns: a <see cref="ReturnSet"/>, or the <see cref="PendingCall"/> of a rule that begins here too.</summary>
    public List<(RuleState State, object Returns)> Entries { get; set; } = [];

    public ReturnSet? Resolved { get; set; }

    public int Index { get; set; } = -1;

    public int Low { get; set; }
}
