namespace Microscale.Guard.Grammar;

/// <summary>The rules of a grammar as state machines that call one another (a recursive transition network), without parts that no
/// text can complete. Immutable once built.</summary>
internal sealed class RuleNetwork
{
    private RuleNetwork(RuleStart root, RegexNode[] terminals)
    {
        Root = root;
        Terminals = terminals;
    }

    public RuleStart Root { get; }

    /// <summary>The terminals by their numbers.</summary>
    public RegexNode[] Terminals { get; }

    /// <exception cref="GrammarSyntaxException">A rule is not defined, or no text matches the grammar.</exception>
    /// <exception cref="GrammarLimitException">The grammar is too large.</exception>
    public static RuleNetwork Build(GrammarBuilder grammar, GrammarNode root)
    {
        var builder = new Builder(grammar);
        var start = builder.Rule(root);
        builder.BuildAll();
        RuleNetworkTrimmer.Trim(builder.States, builder.Rules, t => !grammar.Regexes.IsEmpty(builder.Terminals[t]));
        return start.State.IsDead()
            ? throw new GrammarSyntaxException("No text matches the grammar: some part of it that is always needed cannot be.")
            : new RuleNetwork(start, [.. builder.Terminals]);
    }

    private sealed class Builder(GrammarBuilder grammar)
    {
        private readonly Dictionary<GrammarNode, RuleStart> _rules = [];
        private readonly Queue<(RuleStart Start, GrammarNode Definition)> _open = [];
        private readonly Dictionary<(GrammarNode, RuleState), RuleState> _built = [];
        private readonly Dictionary<RegexNode, int> _terminals = [];

        public List<RuleState> States { get; } = [];

        public List<RuleStart> Rules { get; } = [];

        public List<RegexNode> Terminals { get; } = [];

        public RuleStart Rule(GrammarNode node)
        {
            if (!_rules.TryGetValue(node, out var start))
            {
                var definition = node is not GrammarRule rule ? node : rule.Definition
                    ?? throw new GrammarSyntaxException($"The rule '{rule.Name}' is used but not defined.");
                _rules[node] = start = new RuleStart(Rules.Count);
                Rules.Add(start);
                _open.Enqueue((start, definition));
            }

            return start;
        }

        public void BuildAll()
        {
            while (_open.TryDequeue(out var next))
            {
                next.Start.End = NewState();
                next.Start.End.IsEnd = true;
                next.Start.State = Build(next.Definition, next.Start.End);
            }
        }

        /// <summary>The state from which one gets through a node to another state.</summary>
        private RuleState Build(GrammarNode node, RuleState next)
        {
            RecursionGuard.Check();
            if (node.Kind == GrammarNodeKind.Sequence)
            {
                for (var i = node.Items.Length - 1; i >= 0; i--)
                {
                    next = Build(node.Items[i], next);
                }

                return next;
            }

            if (_built.TryGetValue((node, next), out var state))
            {
                return state;
            }

            _built[(node, next)] = state = NewState();
            switch (node.Kind)
            {
                case GrammarNodeKind.Terminal:
                    state.Terminals.Add((Terminal(node.Regex!), next));
                    if (node.Regex!.Nullable)
                    {
                        state.Same.Add(next);
                    }

                    break;
                case GrammarNodeKind.Rule:
                    state.Rules.Add((Rule(node), next));
                    break;
                case GrammarNodeKind.Choice:
                    state.Same.AddRange(node.Items.Select(i => Build(i, next)));
                    break;
                default:
                    state.Same.Add(Repeat(node, next));
                    break;
            }

            return state;
        }

        private RuleState Repeat(GrammarNode node, RuleState next)
        {
            var item = node.Items[0];
            var at = next;
            if (node.Max == RegexNode.Unbounded)
            {
                at = NewState();
                at.Same.Add(next);
                at.Same.Add(Build(item, at));
            }
            else
            {
                for (var i = node.Min; i < node.Max; i++)
                {
                    var optional = NewState();
                    optional.Same.Add(next);
                    optional.Same.Add(Build(item, at));
                    at = optional;
                }
            }

            for (var i = 0; i < node.Min; i++)
            {
                at = Build(item, at);
            }

            return at;
        }

        private int Terminal(RegexNode regex)
        {
            if (!_terminals.TryGetValue(regex, out var number))
            {
                _terminals[regex] = number = Terminals.Count;
                Terminals.Add(regex);
            }

            return number;
        }

        private RuleState NewState()
        {
            if (States.Count == grammar.Limits.MaxGrammarSize)
            {
                throw new GrammarLimitException(
                    $"The rules of the grammar have more states than {nameof(GrammarLimits)}.{nameof(GrammarLimits.MaxGrammarSize)} allows ({grammar.Limits.MaxGrammarSize}); large bounds of repetitions are the usual cause.");
            }

            var state = new RuleState(States.Count);
            States.Add(state);
            return state;
        }
    }
}
