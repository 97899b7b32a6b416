using System.Diagnostics;
using System.Text.Json;
using Microscale.Guard.Grammar;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What a grammar costs while decoding: the time of a token with one over that without, for text that the model chooses freely
/// within strings; and the time of a whole answer most of whose tokens are forced over that of as many free ones.</summary>
/// <remarks>Both are measured in turn, several times, and the median of the ratios counts: other work on the machine slows both
/// down. Each round has a new grammar, whose masks are made as they are asked for. Compiling it is not in the time of a token, but
/// in that of a whole answer.</remarks>
internal sealed class ConstrainedDecodeBenchmark : IQuickBenchmark
{
    private const int Rounds = 15;
    private const int Length = 48;

    /// <summary>Strings without end, so that hardly a token is forced.</summary>
    private static readonly JsonElement s_free = JsonElement.Parse("""{"type":"array","items":{"type":"string","minLength":8},"minItems":100}""");

    private static readonly JsonElement s_forced = JsonElement.Parse("""
        {"type":"object","properties":{"customer_identification":{"type":"object","properties":{"registration_number":{"type":"integer","minimum":100,"maximum":999},
         "is_existing_customer":{"type":"boolean"},"preferred_contact_channel":{"enum":["telephone","electronic mail","postal service"]}},
         "required":["registration_number","is_existing_customer","preferred_contact_channel"],"additionalProperties":false},
         "requested_delivery_window":{"enum":["before twelve o'clock","after twelve o'clock"]},"insurance_is_required":{"type":"boolean"}},
         "required":["customer_identification","requested_delivery_window","insurance_is_required"],"additionalProperties":false}
        """);

    public IReadOnlyList<string> Names { get; } = ["constrained-per-token-ratio", "constrained-forced-total-ratio"];

    public IReadOnlyList<double> Run()
    {
        using var model = new DecoderModel(ModelFolders.Chat, Math.Min(2, Environment.ProcessorCount), allowSpinning: true);
        var tokenizer = ChatTokenizer.Load(ModelFolders.Chat);
        using var engine = new DecodeScheduler(model, tokenizer.Bytes, new EngineSettings(1, 1, PrefixCacheBytes: 256 << 20, ExactSteps: false));
        var vocabulary = CallMarks.Of(null, tokenizer).CreateVocabulary(tokenizer, model.Config.EndTokens);
        int[] prompt = [.. tokenizer.Encode("The keeper of the light wrote down what he had seen from the tower, in a list of short sentences. He began it so:\n")];

        List<double> perToken = [], total = [];
        for (var round = 0; round < Rounds; round++)
        {
            var free = Answer(null, Length);
            var inStrings = Answer(() => JsonSchemaGrammar.Compile(s_free, vocabulary).Grammar, Length);
            perToken.Add(inStrings.PerToken / free.PerToken);

            var forced = Answer(() => JsonSchemaGrammar.Compile(s_forced, vocabulary).Grammar, 400);
            total.Add(forced.Total / Answer(null, forced.Tokens).Total);
        }

        return [Median(perToken), Median(total)];

        Clock Answer(Func<CompiledGrammar>? compile, int length)
        {
            var clock = new Clock();
            var constraint = compile is null ? null : new GrammarConstraint(compile());
            engine.RunAsync(new GeneratedSequence(prompt, new() { Temperature = 0.7f, TopP = 0.95f, Seed = 5 }, length, clock, constraint, CancellationToken.None))
                .GetAwaiter().GetResult();
            return clock;
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Notes when the answer began and when each of its tokens came.</summary>
    private sealed class Clock : ITokenSink
    {
        /// <summary>The first token waits for the prompt.</summary>
        private const int WarmUp = 4;

        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly List<long> _times = [];

        public int? TopLogProbabilities => null;

        public int Tokens => _times.Count;

        public double Total => Stopwatch.GetElapsedTime(_started, _times[^1]).TotalSeconds;

        public double PerToken => Stopwatch.GetElapsedTime(_times[WarmUp], _times[^1]).TotalSeconds / (Tokens - 1 - WarmUp);

        public bool Accept(int token, TokenLogProbability? logProbability)
        {
            _times.Add(Stopwatch.GetTimestamp());
            return true;
        }

        public void End(bool complete)
        {
        }
    }
}
