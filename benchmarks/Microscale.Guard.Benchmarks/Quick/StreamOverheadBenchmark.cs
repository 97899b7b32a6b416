using System.Diagnostics;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The total time of a sentence-gated stream of the local model with the entailment verifier, as a multiple of that of the
/// bare stream of the same prompt: the median over prompts of the fastest of some runs each. Every sentence is verified and
/// delivered, so that both streams are equally long.</summary>
/// <remarks>Passages that were found for a question are new to the model, so for the first figure both streams read their whole prompt:
/// nothing is kept of earlier runs. For the second all but its last tokens are kept, as when the same is asked again: it is
/// the overhead over the making of the answer alone.</remarks>
internal sealed class StreamOverheadBenchmark : IQuickBenchmark
{
    private const int Runs = 5;
    private const int MaxOutputTokens = 96;

    private static readonly string[] s_questions =
    [
        "Tell me in four sentences what these passages say.",
        "Explain the main points of the text in a paragraph.",
        "Summarise the passages for a child.",
    ];

    public IReadOnlyList<string> Names { get; } = ["stream-overhead-ratio", "stream-overhead-known-prompt-ratio"];

    public IReadOnlyList<double> Run() => [Measure(keepsPrompts: false), Measure(keepsPrompts: true)];

    private static double Measure(bool keepsPrompts)
    {
        var options = new OnnxChatClientOptions();
        options.PrefixCacheBytes = keepsPrompts ? options.PrefixCacheBytes : 0;
        using var model = LocalModels.CreateChatClient(options: options);
        var ratios = new List<double>();
        foreach (var question in s_questions)
        {
            ChatMessage[] messages = [new(ChatRole.User, [
                .. EntailmentAnswerTexts.Passages.Take(2).Select((p, i) => new TextContent(p + "\n\n").AsEvidence($"p{i}")), new TextContent(question)])];
            var (bare, guarded, length) = (double.MaxValue, double.MaxValue, -1);
            for (var run = 0; run < Runs; run++)
            {
                bare = Math.Min(bare, Time(model, messages, ref length));

                // A new model remembers no pair.
                using var verifier = LocalModels.CreateEntailmentVerifier();
                verifier.VerifyAsync(new VerificationContext([new Claim("It is warm.", 0, 11)], [new Evidence("w", "It is warm.")], "")).AsTask().GetAwaiter().GetResult();
                using var outer = new BorrowedChatClient(model).AsBuilder().UseHallucinationGuard(guard => guard
                    .VerifyWith(verifier)
                    .AbstainBy(AbstentionPolicy.FromDelegate(GuardParts.Verdicts, _ => PolicyDecision.Deliver))).Build();
                guarded = Math.Min(guarded, Time(outer, messages, ref length));
            }

            ratios.Add(guarded / bare);
        }

        return ratios.Order().ElementAt(ratios.Count / 2);
    }

    private static double Time(IChatClient client, ChatMessage[] messages, ref int length)
    {
        var started = Stopwatch.GetTimestamp();
        var response = client.GetStreamingResponseAsync(messages, new ChatOptions { Temperature = 0, MaxOutputTokens = MaxOutputTokens })
            .ToChatResponseAsync().GetAwaiter().GetResult();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (length >= 0 && response.Text.Length != length)
        {
            throw new InvalidOperationException($"One stream has {length} characters, the other {response.Text.Length}.");
        }

        length = response.Text.Length;
        return elapsed;
    }

    /// <summary>Leaves the model open when the guard around it is closed.</summary>
    private sealed class BorrowedChatClient(IChatClient model) : DelegatingChatClient(model)
    {
        protected override void Dispose(bool disposing)
        {
        }
    }
}
