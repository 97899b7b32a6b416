using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>
/// The grammars that answers were constrained to, compiled for the vocabulary of a model: of schemas and tools the ones used last,
/// of definitions those that are in use. Safe for concurrent callers.
/// </summary>
internal sealed class GrammarCache(Func<TokenVocabulary> createVocabulary)
{
    private const int MaxKeyed = 64;

    private static readonly ConditionalWeakTable<GrammarDefinition, string> s_keys = [];
    private static int s_definitions;

    private readonly Lazy<TokenVocabulary> _vocabulary = new(createVocabulary);
    private readonly ConditionalWeakTable<GrammarDefinition, ChatGrammar> _definitions = [];
    private readonly Dictionary<string, LinkedListNode<(string Key, ChatGrammar Grammar)>> _keyed = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, ChatGrammar Grammar)> _lastUsed = new();
    private readonly Lock _lock = new();

    /// <summary>The tokens of the model.</summary>
    public TokenVocabulary Vocabulary => _vocabulary.Value;

    /// <summary>A key of a definition, which no other has.</summary>
    public static string KeyOf(GrammarDefinition definition) =>
        s_keys.GetValue(definition, _ => Interlocked.Increment(ref s_definitions).ToString(CultureInfo.InvariantCulture));

    /// <exception cref="GrammarSyntaxException">No text matches the grammar.</exception>
    /// <exception cref="GrammarLimitException">The grammar is too large.</exception>
    public ChatGrammar Compile(GrammarDefinition definition) =>
        _definitions.GetValue(definition, key => new ChatGrammar(CompiledGrammar.Compile(key, _vocabulary.Value), []));

    /// <exception cref="JsonSchemaException">The schema cannot be compiled.</exception>
    public ChatGrammar Compile(JsonElement schema, JsonSchemaGrammarOptions? options = null) => GetOrAdd(JsonSchemaGrammar.KeyOf(schema, options), () =>
    {
        var grammar = JsonSchemaGrammar.Compile(schema, _vocabulary.Value, options);
        return new ChatGrammar(grammar.Grammar, grammar.Warnings);
    });

    /// <summary>Compiles a definition that is made anew for each request.</summary>
    /// <param name="key">What tells it from others.</param>
    /// <param name="define">Makes it.</param>
    /// <param name="parts">Of how many grammars it consists: each may cost what a grammar alone may.</param>
    /// <param name="warnings">What is not in it, asked for once it is compiled.</param>
    /// <exception cref="GrammarSyntaxException">No text matches the grammar.</exception>
    /// <exception cref="GrammarLimitException">The grammar is too large.</exception>
    public ChatGrammar Compile(string key, Func<GrammarDefinition> define, int parts, Func<IReadOnlyList<string>> warnings) => GetOrAdd(key, () =>
    {
        var limits = GrammarLimits.Default;
        limits = new GrammarLimits { MaxGrammarSize = Times(limits.MaxGrammarSize), MaxCompileFuel = Times(limits.MaxCompileFuel) };
        return new ChatGrammar(CompiledGrammar.Compile(define(), _vocabulary.Value, limits), [.. warnings()]);

        int Times(int limit) => (int)Math.Min((long)limit * parts, int.MaxValue);
    });

    private ChatGrammar GetOrAdd(string key, Func<ChatGrammar> compile)
    {
        lock (_lock)
        {
            if (_keyed.TryGetValue(key, out var known))
            {
                _lastUsed.Remove(known);
                _lastUsed.AddFirst(known);
                return known.Value.Grammar;
            }
        }

        // Outside of the lock: two callers at once may both compile it, which is better than that all wait.
        var grammar = compile();
        lock (_lock)
        {
            if (!_keyed.ContainsKey(key)) _keyed[key] = _lastUsed.AddFirst((key, grammar));
            if (_keyed.Count > MaxKeyed)
            {
                _keyed.Remove(_lastUsed.Last!.Value.Key);
                _lastUsed.RemoveLast();
            }
        }

        return grammar;
    }
}
