using System.Text;
using System.Text.Json;
using Microscale.Guard.Grammar;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Finds in the options of a request what its answer may consist of.</summary>
internal sealed class ConstraintReader(GrammarCache grammars, CallMarks marks)
{
    /// <summary>JSON without a schema: what is asked for is a structure, not a bare word or number.</summary>
    private static readonly JsonElement s_anyJson = JsonElement.Parse("""{"type":["object","array"]}""");

    /// <summary>The tokens of the model.</summary>
    public TokenVocabulary Vocabulary => grammars.Vocabulary;

    /// <summary>Finds the grammar of an answer; null where anything may be written.</summary>
    /// <param name="options">The options of the request.</param>
    /// <param name="tools">The tools that may be called; null for none. It learns to tell calls from answers.</param>
    /// <exception cref="ArgumentException">The options have a grammar and a JSON response format at once.</exception>
    /// <exception cref="JsonSchemaException">The schema cannot be made into a grammar.</exception>
    /// <exception cref="GrammarSyntaxException">No text matches the grammar.</exception>
    /// <exception cref="GrammarLimitException">The grammar is too large.</exception>
    public ChatGrammar? Read(ChatOptions? options, ref ToolRequest? tools)
    {
        var json = options?.ResponseFormat as ChatResponseFormatJson;
        var definition = options.GetGrammar();
        if (json is not null && definition is not null)
        {
            throw new ArgumentException(
                "ChatOptions asks for JSON and for another grammar at once: leave ChatOptions.ResponseFormat null, or do not call ConstrainTo.", nameof(options));
        }

        var schema = json is null ? default(JsonElement?) : json.Schema ?? s_anyJson;
        if (tools is null)
        {
            return definition is not null ? grammars.Compile(definition) : schema is { } form ? grammars.Compile(form) : null;
        }

        var calls = new ToolCallGrammar(tools, marks);
        if (tools.IsRequired || (definition is null && schema is null))
        {
            return grammars.Compile(calls.Key, () => calls.Define(null), tools.Tools.Count, () => calls.Warnings);
        }

        if (tools.Format.MayBeBare)
        {
            var bare = grammars.Compile(calls.Key + "\nalone", calls.DefineCalls, tools.Tools.Count, () => []).Grammar;
            tools = tools with { IsBareCall = text => bare.IsMatch(Encoding.UTF8.GetBytes(text)) };
        }

        // A schema that is refused is refused by itself, so that the error names its place.
        var answer = definition is not null ? grammars.Compile(definition) : grammars.Compile(schema!.Value);
        var key = $"{calls.Key}\nor {(definition is null ? JsonSchemaGrammar.KeyOf(schema!.Value) : GrammarCache.KeyOf(definition))}";
        return grammars.Compile(
            key, () => calls.Define(definition ?? JsonSchemaGrammar.Define(schema!.Value)), tools.Tools.Count + 1, () => [.. answer.Warnings, .. calls.Warnings]);
    }
}
