using System.Runtime.CompilerServices;
using System.Text.Json;
using Microscale.Guard.Grammar;

namespace Microscale.Guard.Onnx;

/// <summary>
/// The grammars that answers were constrained to, compiled for the vocabulary of a model: of schemas the ones used last, of
/// definitions those that are in use. Safe for concurrent callers.
/// </summary>
internal sealed class GrammarCache(Func<TokenVocabulary> createVocabulary)
{
    private const int MaxSchemas = 64;

    private readonly Lazy<TokenVocabulary> _vocabulary = new(createVocabulary);
    private readonly ConditionalWeakTable<GrammarDefinition, CompiledGrammar> _definitions = [];
    private readonly Dictionary<string, LinkedListNode<(string Key, CompiledGrammar Grammar)>> _schemas = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, CompiledGrammar Grammar)> _lastUsed = new();
    private readonly Lock _lock = new();

    /// <summary>The tokens of the model.</summary>
    public TokenVocabulary Vocabulary => _vocabulary.Value;

    /// <exception cref="GrammarSyntaxException">No text matches the grammar.</exception>
    /// <exception cref="GrammarLimitException">The grammar is too large.</exception>
    public CompiledGrammar Compile(GrammarDefinition definition) =>
        _definitions.GetValue(definition, key => CompiledGrammar.Compile(key, _vocabulary.Value));

    /// <exception cref="JsonSchemaException">The schema cannot be compiled.</exception>
    public CompiledGrammar Compile(JsonElement schema)
    {
        var key = JsonSchemaGrammar.KeyOf(schema);
        lock (_lock)
        {
            if (_schemas.TryGetValue(key, out var known))
            {
                _lastUsed.Remove(known);
                _lastUsed.AddFirst(known);
                return known.Value.Grammar;
            }
        }

        // Outside of the lock: two callers at once may both compile it, which is better than that all wait.
        var grammar = JsonSchemaGrammar.Compile(schema, _vocabulary.Value).Grammar;
        lock (_lock)
        {
            if (!_schemas.ContainsKey(key)) _schemas[key] = _lastUsed.AddFirst((key, grammar));
            if (_schemas.Count > MaxSchemas)
            {
                _schemas.Remove(_lastUsed.Last!.Value.Key);
                _lastUsed.RemoveLast();
            }
        }

        return grammar;
    }
}
