using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microscale.Guard.Grammar;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The time of token masks under JSON schemas, with the vocabulary of the chat model: each instance is tokenised and
/// followed token by token, as a decode loop would that happens to write it.</summary>
/// <remarks>The environment variable MICROSCALE_GUARD_SCHEMAS may name a file of JSON lines with the members schema and tests (each
/// with the members valid and data), as jsonschemabench's MaskBench has them; otherwise a small list is used. All matchers of a
/// schema share its compiled grammar, as they do in use. The plain names are those of the first round: every schema is new, and every
/// mask is made when it is first asked for. The process has compiled the small list before, as a server has answered something before;
/// without a file that list is the first round itself, and the just-in-time compiler is in its figures. The warm figures are those of
/// the fastest of some more rounds, with new grammars but warm code, to keep other work on the machine out.</remarks>
internal sealed class MaskBenchmark : IQuickBenchmark
{
    private const string SchemasVariable = "MICROSCALE_GUARD_SCHEMAS";
    private const int WarmRounds = 3;
    private const int RoundsBefore = 10;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<string> Names { get; } =
    [
        "mask-mean-us", "mask-p50-us", "mask-p99-us", "mask-max-us", "first-mask-p50-ms", "first-mask-p99-ms",
        "warm-mask-mean-us", "warm-mask-p50-us", "warm-mask-p99-us", "warm-mask-max-us", "warm-first-mask-p50-ms", "warm-first-mask-p99-ms",
    ];

    public IReadOnlyList<double> Run()
    {
        var tokenizer = ChatTokenizer.Load(ModelFolders.Chat);
        var tokens = Enumerable.Range(0, tokenizer.Bytes.Count).ToList();
        var vocabulary = new TokenVocabulary(
            tokens.Select(t => tokenizer.Bytes[t]), [tokenizer.SpecialToken("<|im_end|>")], tokens.Where(tokenizer.Bytes.IsSpecial), tokenizer.Encode);
        var file = Environment.GetEnvironmentVariable(SchemasVariable);
        var cases = Tokenised(file is { Length: > 0 } ? ReadLines(file) : SmallList());
        if (file is { Length: > 0 })
        {
            var before = Tokenised(SmallList());
            for (var round = 0; round < RoundsBefore; round++)
            {
                Round(before, vocabulary);
            }
        }

        var cold = Round(cases, vocabulary);
        var warm = Round(cases, vocabulary);
        for (var round = 1; round < WarmRounds; round++)
        {
            var (masks, firsts) = Round(cases, vocabulary);
            warm = (Fastest(warm.Masks, masks), Fastest(warm.Firsts, firsts));
        }

        return [.. Figures(cold), .. Figures(warm)];

        List<(JsonElement Schema, List<int[]> Texts)> Tokenised(IEnumerable<(JsonElement Schema, List<string> Instances)> schemas) =>
            [.. schemas.Select(c => (c.Schema, c.Instances.Select(i => tokenizer.Encode(i).ToArray()).ToList()))];
    }

    private static double[] Figures((List<double> Masks, List<double> Firsts) times)
    {
        var (masks, firsts) = times;
        masks.Sort();
        firsts.Sort();
        return [masks.Average(), Quantile(masks, 0.5), Quantile(masks, 0.99), masks[^1], Quantile(firsts, 0.5), Quantile(firsts, 0.99)];
    }

    private static (List<double> Masks, List<double> Firsts) Round(List<(JsonElement Schema, List<int[]> Texts)> cases, TokenVocabulary vocabulary)
    {
        var (masks, firsts) = (new List<double>(), new List<double>());
        foreach (var (schema, texts) in cases)
        {
            CompiledGrammar grammar;
            var start = Stopwatch.GetTimestamp();
            try
            {
                grammar = JsonSchemaGrammar.Compile(schema, vocabulary).Grammar;
                grammar.CreateMatcher().AllowedTokens();
            }
            catch (Exception e) when (e is JsonSchemaException or GrammarLimitException)
            {
                continue;
            }

            firsts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            foreach (var text in texts)
            {
                Follow(grammar.CreateMatcher(), text, masks);
            }
        }

        return (masks, firsts);
    }

    private static void Follow(GrammarMatcher matcher, int[] tokens, List<double> masks)
    {
        foreach (var token in tokens)
        {
            var start = Stopwatch.GetTimestamp();
            matcher.AllowedTokens();
            masks.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            if (!matcher.TryAccept(token))
            {
                return;
            }
        }
    }

    private static List<double> Fastest(List<double> times, List<double> others) => [.. times.Zip(others, Math.Min)];

    private static double Quantile(List<double> sorted, double share) => sorted[Math.Min((int)(share * sorted.Count), sorted.Count - 1)];

    private static IEnumerable<(JsonElement Schema, List<string> Instances)> SmallList() =>
        MaskBenchmarkSchemas.All.Select(c => (Parse(c.Schema), c.Instances.Select(i => JsonSerializer.Serialize(Parse(i), s_plain)).ToList()));

    private static IEnumerable<(JsonElement Schema, List<string> Instances)> ReadLines(string path) =>
        File.ReadLines(path).Select(Parse).Select(line => (
            line.GetProperty("schema"),
            line.GetProperty("tests").EnumerateArray().Select(t => JsonSerializer.Serialize(t.GetProperty("data"), s_plain)).ToList()));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
