using System.Text.Json;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>The draft 2020-12 part of the official JSON Schema test suite: what compiles is judged rightly, all else is refused with an
/// error.</summary>
public class TestSuiteTests(ITestOutputHelper output)
{
    /// <summary>The values whose schemas are refused, by file: references to other documents, dynamic references, and what cannot be
    /// exact. A change of a figure is a change of what the product can do.</summary>
    private static readonly Dictionary<string, int> s_refused = new()
    {
        ["defs"] = 2, ["dynamicRef"] = 30, ["multipleOf"] = 1, ["ref"] = 2, ["refRemote"] = 31, ["unevaluatedItems"] = 2,
        ["unevaluatedProperties"] = 23, ["uniqueItems"] = 36, ["vocabulary"] = 5,
    };

    [Fact]
    public void Compile_OfficialSuite_JudgesAllValuesRightly()
    {
        // In this draft formats are annotations unless asked for.
        var options = new JsonSchemaGrammarOptions { Formats = JsonFormats.Annotate };
        var (passed, wrong, refused) = (0, new List<string>(), new Dictionary<string, int>());
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "JsonSchema", "Suite"), "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var result = JsonSchemaEvaluation.Run(Cases(File.ReadAllBytes(file)), Vocabularies.SingleBytes, options);
            passed += result.ValidAccepted + result.InvalidRejected;
            wrong.AddRange(result.Wrong.Select(w => $"{name}: {w}"));
            if (result.Skipped > 0)
            {
                refused[name] = result.Skipped;
            }
        }

        output.WriteLine($"{passed} passed, {wrong.Count} wrong, {refused.Values.Sum()} refused: {string.Join(", ", refused.Select(r => $"[\"{r.Key}\"] = {r.Value}"))}");
        Assert.Empty(wrong);
        Assert.True(passed >= 1000, $"{passed}");
        Assert.Equal(s_refused, refused);
    }

    private static List<JsonSchemaCase> Cases(byte[] file) =>
    [
        .. JsonElement.Parse(file).EnumerateArray().Select(group => new JsonSchemaCase(
            group.GetProperty("description").GetString()!,
            group.GetProperty("schema"),
            [.. group.GetProperty("tests").EnumerateArray().Select(t => (t.GetProperty("data"), t.GetProperty("valid").GetBoolean()))])),
    ];
}
