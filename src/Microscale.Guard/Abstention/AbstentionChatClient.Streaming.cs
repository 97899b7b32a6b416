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
        var request = GuardRequest.Create(messages, options, _options, _logger, streaming: true);
        var updates = ReasonToBypass(options) is { } bypass ? StreamBypassedAsync(request, options, bypass, cancellationToken)
            : _options.Streaming == StreamingMode.Buffered ? StreamBufferedAsync(request, cancellationToken)
            : StreamDecidedAsync(request, cancellationToken);
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

        yield return GuardReportExtensions.CreateReportUpdate(Bypassed(activity, request, report, Like(last), reason), last);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamBufferedAsync(
        GuardRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartGuard(streaming: true);
        var response = await AnswerAsync(activity, request, cancellationToken);
        if (response.GetGuardReport()?.Decision is not (null or GuardDecision.Abstained))
        {
            request.RecordFirstRelease();
        }

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

    /// <summary>Streams the answer sentence by sentence as the policy delivers it, or as it comes.</summary>
    private async IAsyncEnumerable<ChatResponseUpdate> StreamDecidedAsync(
        GuardRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartGuard(streaming: true);
        if (ReasonNotToAsk(request) is { } reason)
        {
            foreach (var update in Updates(Conclude(activity, request, request.Abstain(null, reason))))
            {
                yield return update;
            }

            yield break;
        }

        var attempt = new StreamedDraft();
        await foreach (var update in StreamDraftAsync(request, attempt, cancellationToken))
        {
            var handed = _options.TimeProvider.GetTimestamp();
            yield return update;
            request.Reading += _options.TimeProvider.GetElapsedTime(handed);
            GuardTelemetry.Restore(activity);
        }

        var (first, gate) = (attempt.Result!, attempt.Gate);
        if (!first.IsAnswer)
        {
            yield break;
        }

        var last = first;
        if (!first.IsDelivered && gate.Released == 0)
        {
            GuardTelemetry.Restore(activity);
            last = await ImproveAsync(request, first, cancellationToken);
        }

        foreach (var update in EndOfStream(activity, request, first, last, gate.Last))
        {
            yield return update;
        }
    }

    /// <summary>Streams the first draft and lets out what the policy delivers, until it withholds; then the model is
    /// stopped. Where text passes through, the policy decides at the end.</summary>
    private async IAsyncEnumerable<ChatResponseUpdate> StreamDraftAsync(
        GuardRequest request, StreamedDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartAttempt(GuardAttemptKind.Draft);
        var started = _options.TimeProvider.GetTimestamp();
        var (gate, policy, report, decision, isComplete, known) = (draft.Gate, request.Policy, new GuardReport(), PolicyDecision.Deliver, false, -1);
        var passes = _options.Streaming == StreamingMode.PassThrough;
        await using var updates = InnerClient
            .GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (!decision.IsWithheld && !isComplete)
        {
            try
            {
                isComplete = !await updates.MoveNextAsync();
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

            if (passes && !isComplete)
            {
                if (gate is { Released: 0, Received: > 0 })
                {
                    request.RecordFirstRelease();
                }

                foreach (var update in gate.Release(gate.Received, isComplete: true))
                {
                    yield return update;
                    GuardTelemetry.Restore(activity);
                }

                continue;
            }

            var frontier = isComplete ? gate.Received : Math.Min(gate.Received, policy.Covered(report));
            var goes = isComplete || (frontier > gate.Released && !policy.WaitsForEnd);
            var isNews = goes || policy.Known(report) > known;
            if (isNews && (passes || gate.Received > gate.Released) && !string.IsNullOrWhiteSpace(gate.Text))
            {
                known = policy.Known(report);
                decision = policy.Decide(report, frontier, gate.Last?.ModelId, isComplete);
            }

            if (!decision.IsWithheld && goes)
            {
                draft.Result = isComplete ? Draft() : null;
                if (frontier > gate.Released)
                {
                    if (gate.Released == 0)
                    {
                        request.RecordFirstRelease();
                    }

                    // What covers the text goes before it.
                    yield return GuardReportExtensions.CreateReportUpdate(report, gate.Last);
                    GuardTelemetry.Restore(activity);
                }

                foreach (var update in gate.Release(frontier, isComplete))
                {
                    yield return update;
                    GuardTelemetry.Restore(activity);
                }
            }
        }

        if (decision.IsWithheld)
        {
            draft.Result = Draft();
            foreach (var update in gate.Withhold())
            {
                yield return update;
                GuardTelemetry.Restore(activity);
            }

            if (!isComplete && gate is { Usage: null, Tokens: > 0 })
            {
                yield return UsageUpdate(draft.Result.Response.Usage!, gate.Last);
            }
        }

        Add(request, draft.Result!);

        GuardDraft Draft() => new(GuardAttemptKind.Draft, draft.ToResponse(), report, decision, _options.TimeProvider.GetElapsedTime(started))
        {
            HasToolCalls = gate.HasToolCalls,
            Released = gate.Released,
        };
    }

    /// <summary>What follows the first draft in a stream: nothing but the report, another draft, or an abstention.</summary>
    private IEnumerable<ChatResponseUpdate> EndOfStream(
        Activity? activity, GuardRequest request, GuardDraft first, GuardDraft last, ChatResponseUpdate? like)
    {
        if (last == first && first.IsDelivered)
        {
            var report = request.ReportOnDelivery(first, first);
            Conclude(activity, request, report, first.Response, first);
            return [GuardReportExtensions.CreateReportUpdate(report, like)];
        }

        // What the first draft cost is in the stream already.
        var further = request.FurtherUsage();
        if (last.IsDelivered)
        {
            request.RecordFirstRelease();
            var response = Conclude(activity, request, request.Deliver(last, first), last);
            response.Usage = further;
            return Updates(response);
        }

        return [.. further is null ? [] : new[] { UsageUpdate(further, like) }, .. AbstentionUpdates(activity, request, last, like)];
    }

    private static ChatResponseUpdate UsageUpdate(UsageDetails usage, ChatResponseUpdate? like) =>
        new(ChatRole.Assistant, [new UsageContent(usage)]) { ResponseId = like?.ResponseId };

    /// <summary>What ends a stream whose answer, or the rest of it, is withheld.</summary>
    private IEnumerable<ChatResponseUpdate> AbstentionUpdates(Activity? activity, GuardRequest request, GuardDraft draft, ChatResponseUpdate? last)
    {
        var report = request.ReportOnAbstention(draft, draft.Decision);
        var hasBegun = draft.Released > 0;
        var isOut = hasBegun && _options.Streaming == StreamingMode.PassThrough;
        var text = draft.HasToolCalls || isOut ? null : request.WriteAbstention(draft.Decision.Reason, report, hasBegun);
        var got = Like(last);
        if (!_observers.IsEmpty)
        {
            var released = draft.Response.Text[..draft.Released];
            got.Usage = request.TotalUsage();
            got.Messages.Add(new ChatMessage(ChatRole.Assistant, isOut ? released : (hasBegun ? released + "\n\n" : "") + text?.Text));
        }

        Conclude(activity, request, report, got, draft);
        var end = GuardReportExtensions.CreateReportUpdate(report, last);
        if (isOut)
        {
            // The text is out; the word is that it should not have been.
            end.FinishReason = draft.HasToolCalls ? null : ChatFinishReason.ContentFilter;
        }
        else if (text is not null)
        {
            end.FinishReason = ChatFinishReason.ContentFilter;
            if (hasBegun)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "\n\n") { ResponseId = end.ResponseId, MessageId = end.MessageId };
            }

            end.Contents = [text];
        }

        yield return end;
    }

    /// <summary>A response without messages in the likeness of an update.</summary>
    private static ChatResponse Like(ChatResponseUpdate? update) => new()
    {
        ResponseId = update?.ResponseId,
        ConversationId = update?.ConversationId,
        ModelId = update?.ModelId,
        CreatedAt = update?.CreatedAt,
    };

    /// <summary>The first draft of a stream: its gate, and its judgement once it has ended.</summary>
    private sealed class StreamedDraft
    {
        public TextGate Gate { get; } = new();

        public GuardDraft? Result { get; set; }

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
