using System.Diagnostics;
using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>A schema with values that are valid under it and values that are not.</summary>
internal sealed record JsonSchemaCase(string Id, JsonElement Schema, IReadOnlyList<(JsonElement Value, bool Valid)> Tests);

/// <summary>What an evaluation found.</summary>
/// <param name="Schemas">How many there were.</param>
/// <param name="Compiled">How many became grammars, those that allow nothing included.</param>
/// <param name="ValidAccepted">Valid values that can be written.</param>
/// <param name="InvalidRejected">Values that are not valid and cannot be written.</param>
/// <param name="Skipped">Values of schemas that did not compile.</param>
/// <param name="Errors">Of each schema that did not compile: its id and the error.</param>
/// <param name="Wrong">Of each value that was judged wrongly: the id of its schema, and the value.</param>
/// <param name="FirstMaskMilliseconds">Of each schema: the time from its text to the first mask, or to the error; sorted.</param>
internal sealed record JsonSchemaEvaluationResult(
    int Schemas, int Compiled, int ValidAccepted, int InvalidRejected, int Skipped,
    IReadOnlyList<string> Errors, IReadOnlyList<string> Wrong, IReadOnlyList<double> FirstMaskMilliseconds);

/// <summary>Measures how many schemas compile, and whether their grammars write exactly the values that are valid.</summary>
internal static class JsonSchemaEvaluation
{
    /// <summary>Reads lines of {"id", "schema", "tests": [{"data", "valid"}]}.</summary>
    public static IEnumerable<JsonSchemaCase> ReadLines(string path) => File.ReadLines(path).Select(line =>
    {
        var row = JsonDocument.Parse(line).RootElement;
        return new JsonSchemaCase(row.GetProperty("id").GetString()!, row.GetProperty("schema"), Tests(row));
    });

    /// <summary>Reads the files of the JSON Schema Test Suite.</summary>
    public static IEnumerable<JsonSchemaCase> ReadSuite(string directory) =>
        Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).SelectMany(file =>
            JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray().Select(group => new JsonSchemaCase(
                $"{Path.GetFileNameWithoutExtension(file)}: {group.GetProperty("description").GetString()}", group.GetProperty("schema"), Tests(group))));

    /// <summary>Compiles each schema and walks each of its values, token by token.</summary>
    /// <param name="cases">The schemas.</param>
    /// <param name="vocabulary">A vocabulary with a tokenizer.</param>
    /// <param name="options">How schemas are compiled.</param>
    public static JsonSchemaEvaluationResult Run(IEnumerable<JsonSchemaCase> cases, TokenVocabulary vocabulary, JsonSchemaGrammarOptions options)
    {
        int schemas = 0, compiled = 0, accepted = 0, rejected = 0, skipped = 0;
        var errors = new List<string>();
        var wrong = new List<string>();
        var times = new List<double>();
        foreach (var item in cases)
        {
            schemas++;
            long start = Stopwatch.GetTimestamp();
            CompiledGrammar grammar;
            try
            {
                grammar = JsonSchemaGrammar.Compile(item.Schema, vocabulary, options).Grammar;
                grammar.CreateMatcher().AllowedTokens();
            }
            catch (JsonSchemaException e) when (!e.AllowsNothing)
            {
                errors.Add($"{item.Id}: {e.Message}");
                skipped += item.Tests.Count;
                continue;
            }
            catch (JsonSchemaException)
            {
                // Nothing is valid, and nothing can be written: right when no value of the case is valid.
                compiled++;
                rejected += item.Tests.Count(test => !test.Valid);
                wrong.AddRange(item.Tests.Where(test => test.Valid).Select(test => $"{item.Id}: {test.Value.GetRawText()}"));
                continue;
            }
            finally
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            compiled++;
            var spellings = Spellings(item.Schema, options);
            foreach (var (value, valid) in item.Tests)
            {
                if (spellings(value).Any(text => Accepts(grammar, text)) != valid) wrong.Add($"{item.Id}: {value.GetRawText()}");
                else if (valid) accepted++;
                else rejected++;
            }
        }

        times.Sort();
        return new JsonSchemaEvaluationResult(schemas, compiled, accepted, rejected, skipped, errors, wrong, times);
    }

    /// <summary>
    /// Writes values as a grammar of the schema would: properties in its order, numbers plainly. A value that has several such
    /// texts, because alternatives of the schema have different orders, can be written if one of them can.
    /// </summary>
    public static Func<JsonElement, IReadOnlyList<string>> Spellings(JsonElement schema, JsonSchemaGrammarOptions options)
    {
        var compiler = new JsonSchemaCompiler(schema, options, new GrammarBuilder());
        return new InstanceSpelling(compiler.Expander, compiler.Pool, compiler.Emitter.Shapes.Objects, compiler.Root).Spell;
    }

    private static bool Accepts(CompiledGrammar grammar, string text)
    {
        var matcher = grammar.CreateMatcher();
        return grammar.Vocabulary.Encode(text).All(matcher.TryAccept) && matcher.IsAccepting;
    }

    private static List<(JsonElement Value, bool Valid)> Tests(JsonElement item) =>
        [.. item.GetProperty("tests").EnumerateArray().Select(test => (test.GetProperty("data"), test.GetProperty("valid").GetBoolean()))];
}
