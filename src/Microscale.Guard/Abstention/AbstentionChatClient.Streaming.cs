using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

public sealed partial class AbstentionChatClient
{
    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = GuardRequest.Create(messages, options, _options.TimeProvider);
        var updates = options.GetBypassReason() is { } bypass ? StreamBypassedAsync(request, options, bypass, cancellationToken)
            : _options.Streaming == StreamingMode.Buffered ? StreamBufferedAsync(request, cancellationToken)
            : StreamGatedAsync(request, cancellationToken);
        await foreach (var update in updates)
        {
            yield return update;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamBypassedAsync(
        GuardRequest request, ChatOptions? options, string reason, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartGuard(streaming: true);
        GuardReport? report = null;
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(request.Messages, options, cancellationToken))
        {
            report = update.GetGuardReport() ?? report;
            last = update;
            yield return update;
            GuardTelemetry.Restore(activity);
        }

        yield return GuardReportExtensions.CreateReportUpdate(Bypassed(activity, report, reason), last);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamBufferedAsync(
        GuardRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartGuard(streaming: true);
        var response = await RespondAsync(activity, request, cancellationToken);
        foreach (var update in Updates(response))
        {
            yield return update;
        }
    }

    /// <summary>The updates of a whole response, its report before the text that it covers.</summary>
    private static IEnumerable<ChatResponseUpdate> Updates(ChatResponse response)
    {
        var updates = response.ToChatResponseUpdates();
        return response.GetGuardReport() is { } report
            ? updates.Prepend(GuardReportExtensions.CreateReportUpdate(report, updates[0]))
            : updates;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamGatedAsync(
        GuardRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartGuard(streaming: true);
        if (ReasonNotToAsk(request) is { } reason)
        {
            foreach (var update in Updates(Conclude(activity, request, request.Abstain(null, reason, _options))))
            {
                yield return update;
            }

            yield break;
        }

        GuardDraft? first = null;
        ChatResponseUpdate? last = null;
        foreach (var kind in Plan())
        {
            if (first is not null && !IsWorthAnother(kind, first))
            {
                continue;
            }

            var attempt = new StreamedAttempt(kind);
            await foreach (var update in StreamDraftAsync(request, attempt, first, cancellationToken))
            {
                var handed = _options.TimeProvider.GetTimestamp();
                yield return update;
                request.Reading += _options.TimeProvider.GetElapsedTime(handed);
                GuardTelemetry.Restore(activity);
            }

            last = attempt.Gate.Last ?? last;
            if (attempt.Draft is not { } draft)
            {
                continue;
            }

            if (!draft.IsAnswer)
            {
                yield break;
            }

            if (draft.IsDelivered)
            {
                var report = request.ReportOnDelivery(draft, first);
                Conclude(activity, request, report, draft.Response.ModelId);
                yield return GuardReportExtensions.CreateReportUpdate(report, last);
                yield break;
            }

            first ??= draft;
            if (attempt.Gate.Released > 0)
            {
                first = draft;
                break;
            }
        }

        foreach (var update in AbstentionUpdates(activity, request, first!, last))
        {
            yield return update;
        }
    }

    /// <summary>Streams one attempt and lets out what the policy delivers, until it withholds; then the model is stopped.</summary>
    private async IAsyncEnumerable<ChatResponseUpdate> StreamDraftAsync(
        GuardRequest request, StreamedAttempt attempt, GuardDraft? first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartAttempt(attempt.Kind);
        var started = _options.TimeProvider.GetTimestamp();
        var (gate, report, decision, isComplete) = (attempt.Gate, new GuardReport(), PolicyDecision.Deliver, false);
        await using var updates = Target(attempt.Kind)
            .GetStreamingResponseAsync(request.MessagesFor(attempt.Kind, first), request.Options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (!decision.IsWithheld && !isComplete)
        {
            try
            {
                isComplete = !await updates.MoveNextAsync();
            }
            catch (Exception exception) when (first is not null && gate.Released == 0 && !cancellationToken.IsCancellationRequested)
            {
                request.AddFault(activity, attempt.Kind, exception);
                LogAttemptFailed(attempt.Kind, exception.GetType().FullName);
                yield break;
            }
            catch (Exception exception)
            {
                GuardTelemetry.RecordRequestFailure(activity, exception, cancellationToken);
                throw;
            }

            if (!isComplete)
            {
                report = updates.Current.GetGuardReport() ?? report;
                gate.Add(updates.Current);
            }

            var frontier = isComplete ? gate.Received : Math.Min(gate.Received, Covered(report));
            if (frontier > gate.Released)
            {
                decision = string.IsNullOrWhiteSpace(gate.Text) ? decision : Decide(report, frontier);
            }

            // A later draft that claims nothing is no repair; that is known only at its end.
            var isHeld = decision.IsWithheld || (!isComplete && attempt.Kind != GuardAttemptKind.Draft);
            if (!isHeld && (isComplete || frontier > gate.Released))
            {
                attempt.Draft = isComplete ? Draft() : null;
                if (frontier > gate.Released)
                {
                    // What covers the text goes before it.
                    yield return GuardReportExtensions.CreateReportUpdate(report, gate.Last);
                    GuardTelemetry.Restore(activity);
                }

                foreach (var update in attempt.Draft is { IsAnswer: true, IsDelivered: false } ? gate.Withhold() : gate.Release(frontier, isComplete))
                {
                    yield return update;
                    GuardTelemetry.Restore(activity);
                }
            }
        }

        if (decision.IsWithheld)
        {
            attempt.Draft = Draft();
            foreach (var update in gate.Withhold())
            {
                yield return update;
                GuardTelemetry.Restore(activity);
            }

            if (!isComplete && gate is { Usage: null, Tokens: > 0 })
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(attempt.Draft.Response.Usage!)]) { ResponseId = gate.Last?.ResponseId };
            }
        }

        request.Add(attempt.Draft!);
        LogAttempt(attempt.Kind, decision.Reason);

        GuardDraft Draft() => new(attempt.Kind, attempt.ToResponse(), report, decision, _options.TimeProvider.GetElapsedTime(started))
        {
            HasToolCalls = gate.HasToolCalls,
            Released = gate.Released,
        };
    }

    /// <summary>What ends a stream whose answer, or the rest of it, is withheld.</summary>
    private IEnumerable<ChatResponseUpdate> AbstentionUpdates(Activity? activity, GuardRequest request, GuardDraft draft, ChatResponseUpdate? last)
    {
        var report = request.ReportOnAbstention(draft, draft.Decision, _options);
        Conclude(activity, request, report, draft.Response.ModelId);
        var end = GuardReportExtensions.CreateReportUpdate(report, last);
        if (!draft.HasToolCalls)
        {
            var hasBegun = draft.Released > 0;
            var text = request.WriteAbstention(draft.Decision.Reason, report, _options, hasBegun);
            end.FinishReason = ChatFinishReason.ContentFilter;
            if (hasBegun)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "\n\n") { ResponseId = end.ResponseId, MessageId = end.MessageId };
            }

            end.Contents = [text];
        }

        yield return end;
    }

    /// <summary>One attempt of a stream: its gate, and its draft once it has ended (null when it failed).</summary>
    private sealed class StreamedAttempt(GuardAttemptKind kind)
    {
        public GuardAttemptKind Kind => kind;

        public TextGate Gate { get; } = new();

        public GuardDraft? Draft { get; set; }

        public ChatResponse ToResponse()
        {
            var message = new ChatMessage(ChatRole.Assistant, Gate.Text) { MessageId = Gate.Last?.MessageId };
            return new ChatResponse(message)
            {
                ResponseId = Gate.Last?.ResponseId,
                ConversationId = Gate.Last?.ConversationId,
                ModelId = Gate.Last?.ModelId,
                CreatedAt = Gate.Last?.CreatedAt,
                Usage = Gate.Usage ?? (Gate.Tokens > 0 ? new() { OutputTokenCount = Gate.Tokens } : null),
            };
        }
    }
}
