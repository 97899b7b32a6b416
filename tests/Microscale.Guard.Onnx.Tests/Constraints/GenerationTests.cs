using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microscale.Guard.Grammar;
using Microscale.Guard.Onnx.Tests.Chat;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Constraints;

/// <summary>The local model writes values under random schemas at temperature 1. The variable MICROSCALE_GUARD_SCHEMAS names a file of
/// schemas (JSON lines with the members id and schema) in place of the sample, MICROSCALE_GUARD_GENERATIONS how many values are
/// written.</summary>
[Collection(nameof(ChatModelCollection))]
public class GenerationTests(ChatModel model, ITestOutputHelper output)
{
    private const int MaxTokens = 100;

    [Fact]
    public async Task GetResponseAsync_RandomSchemasAtTemperature1_IsValidWhereItEnds()
    {
        var path = Environment.GetEnvironmentVariable("MICROSCALE_GUARD_SCHEMAS") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "Constraints", "sample.jsonl");
        var count = int.Parse(Environment.GetEnvironmentVariable("MICROSCALE_GUARD_GENERATIONS") ?? "6", CultureInfo.InvariantCulture);
        var lines = File.ReadLines(path).Select(line => JsonElement.Parse(line)).ToList();
        var random = new Random(7);
        var schemas = Enumerable.Range(0, count).Select(seed => (seed, line: lines[random.Next(lines.Count)])).ToList();
        var (ended, cut, refused, unjudged) = (0, 0, 0, 0);
        var wrong = new ConcurrentBag<string>();
        var slowest = TimeSpan.Zero;

        await Parallel.ForEachAsync(schemas, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (item, token) =>
        {
            var (id, schema) = (item.line.GetProperty("id").GetString(), item.line.GetProperty("schema"));
            var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema), Temperature = 1, Seed = item.seed, MaxOutputTokens = MaxTokens };
            var started = Stopwatch.GetTimestamp();
            ChatResponse response;
            try
            {
                response = await model.Client.GetResponseAsync("Write an example as JSON.", options, token);
            }
            catch (JsonSchemaException)
            {
                Interlocked.Increment(ref refused);
                return;
            }

            lock (wrong)
            {
                slowest = Stopwatch.GetElapsedTime(started) is var time && time > slowest ? time : slowest;
            }

            if (response.FinishReason == ChatFinishReason.Length)
            {
                Assert.Equal(MaxTokens, response.Usage!.OutputTokenCount);
                Interlocked.Increment(ref cut);
                return;
            }

            Interlocked.Increment(ref ended);
            if (Judge(schema, response.Text, out var fault) is not { } isValid)
            {
                Interlocked.Increment(ref unjudged);
                output.WriteLine($"{id}: not judged, {fault}");
            }
            else if (!isValid)
            {
                wrong.Add($"{id}: {response.Text}");
            }
        });

        output.WriteLine($"{count} generations: {ended} ended, {cut} cut off at {MaxTokens} tokens, {refused} refused, {unjudged} not judged, {wrong.Count} not valid; the slowest took {slowest.TotalSeconds:0.0} s");
        Assert.Empty(wrong);
        Assert.True(ended > 0 && ended + cut + refused == count);
        Assert.True(unjudged == 0 || lines.Count > 100);
    }

    /// <summary>Whether a text is valid; null where the judge fails at the schema, which says nothing of the text.</summary>
    private static bool? Judge(JsonElement schema, string text, out string? fault)
    {
        try
        {
            fault = null;
            return new Validator(schema).IsValid(text);
        }
        catch (Exception exception)
        {
            fault = exception.Message;
            return null;
        }
    }
}
