using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>
/// The grammar of all JSON texts that are valid under a JSON Schema (draft 2020-12, and the spellings of drafts 4 to 2019-09).
/// What a grammar cannot express exactly is an error. Immutable and safe for concurrent callers.
/// </summary>
/// <remarks>
/// Properties are written in the order in which the schema declares them, those that it does not name after them. A key that
/// the schema does not name may come twice; a reader of the text keeps one of the two.
/// </remarks>
public sealed class JsonSchemaGrammar
{
    private JsonSchemaGrammar(CompiledGrammar grammar, IReadOnlyList<string> warnings)
    {
        Grammar = grammar;
        Warnings = warnings;
    }

    /// <summary>The grammar for a model's vocabulary.</summary>
    public CompiledGrammar Grammar { get; }

    /// <summary>What constrains nothing: formats that are not known and, if the options are lenient, what was dropped.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Compiles a schema for a vocabulary.</summary>
    /// <param name="schema">The schema: a JSON object, true or false.</param>
    /// <param name="vocabulary">The tokens of the model.</param>
    /// <param name="options">How to compile it; null for the defaults.</param>
    /// <param name="limits">What the grammar may cost; null for <see cref="GrammarLimits.Default"/>.</param>
    /// <exception cref="JsonSchemaException">The schema is malformed, too large, allows no value, or cannot be expressed exactly.</exception>
    public static JsonSchemaGrammar Compile(
        JsonElement schema, TokenVocabulary vocabulary, JsonSchemaGrammarOptions? options = null, GrammarLimits? limits = null)
    {
        JsonSchemaCompiler? compiler = null;
        options ??= new JsonSchemaGrammarOptions();
        options.Validate();
        var definition = new GrammarDefinition(builder => (compiler = new JsonSchemaCompiler(schema, options, builder)).Emit());
        try
        {
            var grammar = CompiledGrammar.Compile(definition, vocabulary, limits);
            return new JsonSchemaGrammar(grammar, compiler!.Warnings);
        }
        catch (GrammarLimitException e)
        {
            throw new JsonSchemaException(e.Message, e);
        }
        catch (GrammarSyntaxException e)
        {
            throw new JsonSchemaException("No JSON value is valid under the schema: its keywords contradict one another.", e) { AllowsNothing = true };
        }
    }

    /// <summary>The grammar of a schema, independent of a vocabulary, to be made part of another.</summary>
    /// <param name="schema">The schema: a JSON object, true or false. It is copied.</param>
    /// <param name="options">How to compile it; null for the defaults. Faults in the schema are found when the definition is compiled.</param>
    public static GrammarDefinition Define(JsonElement schema, JsonSchemaGrammarOptions? options = null) => Define(schema, options, _ => { });

    /// <param name="schema">The schema.</param>
    /// <param name="options">How to compile it; null for the defaults.</param>
    /// <param name="warn">Takes the warnings, when the definition is compiled.</param>
    internal static GrammarDefinition Define(JsonElement schema, JsonSchemaGrammarOptions? options, Action<string> warn)
    {
        options ??= new JsonSchemaGrammarOptions();
        options.Validate();
        var copy = schema.Clone();
        return new GrammarDefinition(builder =>
        {
            var compiler = new JsonSchemaCompiler(copy, options, builder);
            var node = compiler.Emit();
            foreach (var warning in compiler.Warnings)
            {
                warn(warning);
            }

            return node;
        });
    }

    /// <summary>
    /// The key of a schema with its options, equal for schemas that differ only in white space, annotations or the order of
    /// keywords: for caches of grammars.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="options">The options that it would be compiled with; null for the defaults.</param>
    public static string KeyOf(JsonElement schema, JsonSchemaGrammarOptions? options = null) =>
        JsonSchemaKey.Of(schema, options ?? new JsonSchemaGrammarOptions());
}
