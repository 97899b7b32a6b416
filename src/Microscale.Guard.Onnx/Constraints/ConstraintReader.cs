using System.Text.Json;
using Microscale.Guard.Grammar;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Finds in the options of a request what its answer may consist of.</summary>
internal sealed class ConstraintReader(GrammarCache grammars)
{
    /// <summary>JSON without a schema: what is asked for is a structure, not a bare word or number.</summary>
    private static readonly JsonElement s_anyJson = JsonElement.Parse("""{"type":["object","array"]}""");

    /// <summary>The tokens of the model.</summary>
    public TokenVocabulary Vocabulary => grammars.Vocabulary;

    /// <summary>Makes the constraint of an answer, or is null where anything may be written.</summary>
    /// <exception cref="ArgumentException">The options have a grammar and a JSON response format at once.</exception>
    /// <exception cref="JsonSchemaException">The schema cannot be made into a grammar.</exception>
    /// <exception cref="GrammarSyntaxException">No text matches the grammar.</exception>
    /// <exception cref="GrammarLimitException">The grammar is too large.</exception>
    public Func<ITokenConstraint>? Read(ChatOptions? options)
    {
        var json = options?.ResponseFormat as ChatResponseFormatJson;
        var definition = options.GetGrammar();
        if (json is not null && definition is not null)
        {
            throw new ArgumentException(
                "ChatOptions asks for JSON and for another grammar at once: leave ChatOptions.ResponseFormat null, or do not call ConstrainTo.", nameof(options));
        }

        if (json is null && definition is null)
        {
            return null;
        }

        var grammar = definition is not null ? grammars.Compile(definition) : grammars.Compile(json!.Schema ?? s_anyJson);
        return () => new GrammarConstraint(grammar);
    }
}
