namespace Microscale.Guard.Grammar;

/// <summary>
/// Writes an object: the named properties in their order, the others after them. Each property is one node for each state
/// in which it can be reached (a comma is needed or not; how many properties and witnesses there were, if that matters).
/// </summary>
internal sealed class ObjectEmitter(GrammarBuilder builder, GrammarEmitter emitter)
{
    private const int MaxWitnesses = 6;

    private readonly JsonTokens _tokens = emitter.Tokens;

    public GrammarNode Emit(ObjectAtom atom)
    {
        if (atom.Witnesses.Count > MaxWitnesses)
            throw new JsonSchemaException("not", "", $"it asks for more than {MaxWitnesses} kinds of unnamed properties at once; simplify not, if or oneOf");
        return new Writer(builder, emitter, _tokens, atom).From(0, new State(false, 0, 0));
    }

    /// <param name="Any">Whether there was a property.</param>
    /// <param name="Count">How many there were, as far as that matters.</param>
    /// <param name="Met">The witnesses that were met, as bits.</param>
    private readonly record struct State(bool Any, int Count, int Met);

    private sealed class Writer
    {
        private readonly Dictionary<(int Slot, State State), GrammarNode> _rules = [];
        private readonly GrammarBuilder _builder;
        private readonly GrammarEmitter _emitter;
        private readonly JsonTokens _tokens;
        private readonly ObjectAtom _atom;
        private readonly List<PropertySlot> _slots;
        private readonly List<(RegexNode Keys, GrammarNode Value, int Met)> _others = [];
        private readonly int[] _possible;
        private readonly bool _counts;

        public Writer(GrammarBuilder builder, GrammarEmitter emitter, JsonTokens tokens, ObjectAtom atom)
        {
            _builder = builder;
            _emitter = emitter;
            _tokens = tokens;
            _atom = atom;
            _slots = [.. atom.Slots.Where(slot => slot.Kind.Kind != ExprKind.False)];
            AddOthers();
            int required = _slots.Count(slot => slot.Required);
            int most = _others.Count > 0 ? ObjectAtom.Unbounded : _slots.Count;
            _counts = atom.Min > required || atom.Max < most;
            _possible = new int[_slots.Count + 1];
            _possible[_slots.Count] = _others.Count > 0 ? ObjectAtom.Unbounded / 2 : 0;
            for (int i = _slots.Count - 1; i >= 0; i--) _possible[i] = _possible[i + 1] + 1;
        }

        public GrammarNode From(int slot, State state)
        {
            var parts = new List<GrammarNode>();
            while (slot < _slots.Count && _slots[slot].Required)
            {
                parts.Add(Property(slot, state.Any));
                state = Next(state, 0);
                slot++;
            }

            parts.Add(Rest(slot, state));
            return _builder.Sequence([.. parts]);
        }

        private GrammarNode Rest(int slot, State state)
        {
            if (_counts && (state.Count > _atom.Max || (long)state.Count + _possible[slot] < _atom.Min)) return _builder.Nothing;
            if (_rules.TryGetValue((slot, state), out var known)) return known;
            return _rules[(slot, state)] = slot == _slots.Count && _others.Count == 0
                ? Close(state)
                : _emitter.State("property", () => slot == _slots.Count
                    ? Others(state)
                    : _builder.Choice(_builder.Sequence(Property(slot, state.Any), From(slot + 1, Next(state, 0))), From(slot + 1, state)));
        }

        private GrammarNode Close(State state)
        {
            bool done = (!_counts || state.Count >= _atom.Min) && state.Met == (1 << _atom.Witnesses.Count) - 1;
            return done ? _builder.Terminal(state.Any ? _tokens.CloseObject : _tokens.EmptyObject) : _builder.Nothing;
        }

        private GrammarNode Others(State state)
        {
            var start = state.Any ? _tokens.Comma : _tokens.OpenObject;
            if (!_counts && _atom.Witnesses.Count == 0 && state.Any)
            {
                var more = _builder.Choice([.. _others.Select(other => Pair(start, other.Keys, other.Value))]);
                return _builder.Sequence(_builder.Repeat(more, 0), Close(state));
            }

            var ways = new List<GrammarNode> { Close(state) };
            foreach (var other in _others)
            {
                // A witness that was met before needs no other.
                if ((other.Met & state.Met) == 0)
                    ways.Add(_builder.Sequence(Pair(start, other.Keys, other.Value), Rest(_slots.Count, Next(state, other.Met))));
            }

            return _builder.Choice([.. ways]);
        }

        private State Next(State state, int met)
        {
            int enough = _atom.Max == ObjectAtom.Unbounded ? _atom.Min : _atom.Max + 1;
            return new State(true, _counts ? Math.Min(state.Count + 1, enough) : 0, state.Met | met);
        }

        private GrammarNode Property(int slot, bool any)
        {
            var key = _builder.Regexes.Literal(JsonTokens.Quote(_slots[slot].Name));
            return Pair(any ? _tokens.Comma : _tokens.OpenObject, key, _emitter.Value(_slots[slot].Kind));
        }

        private GrammarNode Pair(RegexNode start, RegexNode key, GrammarNode value) =>
            _emitter.After(_builder.Regexes.Concat(start, key, _tokens.Colon), value);

        /// <summary>The unnamed properties: by region, and by each set of witnesses that they could be.</summary>
        private void AddOthers()
        {
            var keys = _emitter.Shapes.Strings;
            foreach (var region in _atom.Regions)
            {
                var taken = _atom.Slots.Select(slot => slot.Name).Where(name => keys.Contains(region.Keys, name));
                var free = keys.And(region.Keys, keys.Not(TextSet.Of(taken)));
                for (int met = 0; met < 1 << _atom.Witnesses.Count; met++)
                {
                    var witnesses = _atom.Witnesses.Where((_, index) => (met >> index & 1) != 0).ToList();
                    var kind = witnesses.Aggregate(region.Kind, (all, witness) => _emitter.Pool.And(all, witness.Kind));
                    var texts = witnesses.Aggregate(free, (all, witness) => keys.And(all, witness.Keys));
                    if (!keys.IsEmpty(texts) && !_emitter.Sketches.IsEmpty(kind))
                        _others.Add((_tokens.Strings(texts), _emitter.Value(kind), met));
                }
            }
        }
    }
}
