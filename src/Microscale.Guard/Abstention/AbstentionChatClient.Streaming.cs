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
        var request = GuardRequest.Create(messages, options, _options, _logger);
        var updates = ReasonToBypass(options) is { } bypass ? StreamBypassedAsync(request, options, bypass, cancellationToken)
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

    private async IAsyncEnumerable<ChatResponseUpdate> StreamGatedAsync(
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
    /// stopped.</summary>
    private async IAsyncEnumerable<ChatResponseUpdate> StreamDraftAsync(
        GuardRequest request, StreamedDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartAttempt(GuardAttemptKind.Draft);
        var started = _options.TimeProvider.GetTimestamp();
        var (gate, policy, report, decision, isComplete, known) = (draft.Gate, request.Policy, new GuardReport(), PolicyDecision.Deliver, false, -1);
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

            var frontier = isComplete ? gate.Received : Math.Min(gate.Received, policy.Covered(report));
            var goes = isComplete || (frontier > gate.Released && !policy.WaitsForEnd);
            var isNews = goes || policy.Known(report) > known;
            if (isNews && gate.Received > gate.Released && !string.IsNullOrWhiteSpace(gate.Text))
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
            Conclude(activity, request, report, first.Response);
            return [GuardReportExtensions.CreateReportUpdate(report, like)];
        }

        // What the first draft cost is in the stream already.
        var further = request.FurtherUsage();
        if (last.IsDelivered)
        {
            request.RecordFirstRelease();
            var response = Conclude(activity, request, request.Deliver(last, first));
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
        Conclude(activity, request, report, draft.Response);
        var end = GuardReportExtensions.CreateReportUpdate(report, last);
        if (!draft.HasToolCalls)
        {
            var hasBegun = draft.Released > 0;
            var text = request.WriteAbstention(draft.Decision.Reason, report, hasBegun);
            end.FinishReason = ChatFinishReason.ContentFilter;
            if (hasBegun)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "\n\n") { ResponseId = end.ResponseId, MessageId = end.MessageId };
            }

            end.Contents = [text];
        }

        yield return end;
    }

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
