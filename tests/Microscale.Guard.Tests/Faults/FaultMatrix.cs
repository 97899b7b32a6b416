using System.Text;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Faults;

/// <summary>Puts each part of the guard through each fault in each mode, and notes what came of it.</summary>
internal static class FaultMatrix
{
    public const string Source = "source", Scorer = "scorer", Verifier = "verifier", Repair = "repair", Escalation = "escalation client";

    public const string Throws = "throws", Hangs = "hangs", Garbage = "returns garbage", Nothing = "returns nothing", Cancelled = "is cancelled";

    /// <summary>What no reader may see: the first draft, which is good unless a part after it is under test.</summary>
    public const string Draft = "The sky is blue.";

    private const string BadDraft = "The sky is green.";

    public static IReadOnlyList<string> Parts { get; } = [Source, Scorer, Verifier, Repair, Escalation];

    public static IReadOnlyList<string> Faults { get; } = [Throws, Hangs, Garbage, Nothing, Cancelled];

    public static IReadOnlyList<StreamingMode> Modes { get; } = [StreamingMode.Buffered, StreamingMode.SentenceGated, StreamingMode.PassThrough];

    /// <summary>Runs one case.</summary>
    /// <param name="part">The part that is at fault.</param>
    /// <param name="fault">What it does.</param>
    /// <param name="mode">The mode; null for a response that is not streamed.</param>
    public static async Task<FaultOutcome> RunAsync(string part, string fault, StreamingMode? mode)
    {
        using var caller = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isLate = part is Repair or Escalation;
        using var model = new ScriptedChatClient
        {
            Respond = call => call.Index == 0 ? Reply(isLate ? BadDraft : Draft) : part == Repair ? Act(fault, begun) : Reply(BadDraft),
        };
        using var larger = new ScriptedChatClient { Respond = _ => Act(fault, begun) };
        using var client = model.AsBuilder().UseHallucinationGuard(guard =>
        {
            guard.GroundWith(new FaultySource(part == Source ? fault : null, begun))
                .ScoreWith(new FaultyScorer(part == Scorer ? fault : null, begun))
                .VerifyWith(new FaultyVerifier(part == Verifier ? fault : null, begun))
                .AbstainBelow(0.5)
                .ConfigureGrounding(o => o.TimeProvider = ClockOf(Source))
                .ConfigureConfidence(o => o.TimeProvider = ClockOf(Scorer))
                .ConfigureVerification(o => o.TimeProvider = ClockOf(Verifier))
                .ConfigureAbstention(o =>
                {
                    o.Streaming = mode ?? o.Streaming;
                    o.MaxExtraTime = TimeSpan.FromHours(1);
                    o.TimeProvider = isLate && fault == Hangs ? new ImpatientTimeProvider() : TimeProvider.System;
                });
            if (part == Repair)
            {
                guard.RepairUpTo(1);
            }
            else if (part == Escalation)
            {
                guard.EscalateTo(larger);
            }
        }).Build();

        var text = new StringBuilder();
        var cancelling = fault == Cancelled ? CancelAsync() : Task.CompletedTask;
        GuardReport? report = null;
        try
        {
            if (mode is null)
            {
                var response = await client.GetResponseAsync("What colour is the sky?", cancellationToken: caller.Token);
                text.Append(response.Text);
                report = response.GetGuardReport();
            }
            else
            {
                await foreach (var update in client.GetStreamingResponseAsync("What colour is the sky?", cancellationToken: caller.Token))
                {
                    text.Append(update.Text);
                    report = update.GetGuardReport() ?? report;
                }
            }

            return new FaultOutcome(report, null, text.ToString());
        }
        catch (OperationCanceledException exception) when (caller.IsCancellationRequested)
        {
            return new FaultOutcome(report, exception, text.ToString());
        }
        finally
        {
            begun.TrySetResult();
            await cancelling;
        }

        TimeProvider ClockOf(string name) => part == name && fault == Hangs ? new ImpatientTimeProvider() : TimeProvider.System;

        async Task CancelAsync()
        {
            await begun.Task;
            await caller.CancelAsync();
        }
    }

    private static ScriptedReply Reply(string text) => new(text);

    /// <summary>What a client that is asked further does.</summary>
    private static ScriptedReply Act(string fault, TaskCompletionSource begun)
    {
        begun.TrySetResult();
        return fault switch
        {
            Throws => Reply("") with { Fault = new InvalidOperationException("scripted fault") },
            Hangs or Cancelled => Reply("") with { Hangs = true },
            Garbage => Reply("\uFFFD}{ green green 7"),
            _ => Reply(""),
        };
    }

    private static async ValueTask ActAsync(string? fault, TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case Throws:
                throw new InvalidOperationException("scripted fault");
            case Hangs:
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            case Cancelled:
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }
    }

    private sealed class FaultySource(string? fault, TaskCompletionSource begun) : IEvidenceSource
    {
        public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default)
        {
            await ActAsync(fault, begun, cancellationToken);
            return fault switch { Garbage => [null!, new Evidence(null!, null!)], Nothing => null!, _ => [new Evidence("sky", "The sky is blue.")] };
        }
    }

    private sealed class FaultyScorer(string? fault, TaskCompletionSource begun) : IConfidenceScorer
    {
        public string Name => "scorer";

        public ScorerNeeds Needs => ScorerNeeds.None;

        public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
        {
            await ActAsync(fault, begun, cancellationToken);
            return fault switch { Garbage => new ConfidenceScore(Name, 7), Nothing => null!, _ => new ConfidenceScore(Name, 0.9) };
        }
    }

    private sealed class FaultyVerifier(string? fault, TaskCompletionSource begun) : IClaimVerifier
    {
        public string Name => "verifier";

        public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
        {
            await ActAsync(fault, begun, cancellationToken);
            return fault switch
            {
                Garbage => [new VerifierFinding(Name, (Verdict)42), new VerifierFinding(Name, Verdict.Supported)],
                Nothing => null!,
                _ => [.. context.Claims.Select(c => new VerifierFinding(
                    Name, c.Text.Contains("green", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported))],
            };
        }
    }
}

/// <summary>What came of a fault.</summary>
/// <param name="Report">The last report; null when there was none.</param>
/// <param name="Thrown">What the caller caught; null for nothing.</param>
/// <param name="Text">All text that the caller got.</param>
internal sealed record FaultOutcome(GuardReport? Report, Exception? Thrown, string Text)
{
    /// <summary>Whether text of a draft was let out.</summary>
    public bool Leaked => Text.Contains("blue.", StringComparison.Ordinal) || Text.Contains("green", StringComparison.Ordinal);

    public override string ToString()
    {
        if (Thrown is not null)
        {
            return $"`{nameof(OperationCanceledException)}`{(Leaked ? " after the draft" : "")}";
        }

        var faults = Report!.Faults.Select(f => $"`{f.Component}`: `{f.ErrorType.Split('.')[^1]}`").ToList();
        return $"{Report.Decision} ({Report.Reason}){(Leaked ? ", after the draft" : "")}{(faults.Count > 0 ? "; " + string.Join(", ", faults) : "")}";
    }
}
