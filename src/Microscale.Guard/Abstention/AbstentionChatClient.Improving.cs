using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

public sealed partial class AbstentionChatClient
{
    /// <summary>Whether tools are called inside of this box.</summary>
    private bool RunsTools => InnerClient.GetService(typeof(FunctionInvokingChatClient)) is not null;

    /// <summary>Makes further attempts until one passes.</summary>
    /// <returns>A draft that passed; when none did, the best of all.</returns>
    private async Task<GuardDraft> ImproveAsync(GuardRequest request, GuardDraft first, CancellationToken cancellationToken)
    {
        var best = first;
        var budget = new ExtraBudget(_options, request, first);
        var isSpent = false;
        foreach (var (kind, count) in request.FurtherAttempts())
        {
            if (!IsWorthAnother(kind, best))
            {
                continue;
            }

            // Taking sentences out costs no tokens.
            var allowed = kind == GuardAttemptKind.Removal ? count : budget.Allow(count);
            if (allowed == 0)
            {
                if (!isSpent)
                {
                    request.AddFault(null, budget.ToFault(kind));
                    LogBudgetSpent(kind);
                }

                isSpent = true;
                continue;
            }

            foreach (var draft in await AttemptAsync(request, kind, allowed, best, budget, cancellationToken))
            {
                budget.Spend(draft);
                Add(request, draft);
                best = draft.IsBetterThan(best) ? draft : best;
            }

            if (best.IsDelivered)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>Whether a further attempt can help: a model can mend what was said, not what the guard lacks.</summary>
    private static bool IsWorthAnother(GuardAttemptKind kind, GuardDraft best) =>
        !best.HasToolCalls && (kind, best.Decision.Reason) switch
        {
            (GuardAttemptKind.Removal, GuardReason.Contradicted or GuardReason.Unverifiable) => true,
            (GuardAttemptKind.Removal, _) => false,
            (_, GuardReason.LowConfidence or GuardReason.Contradicted or GuardReason.Unverifiable or GuardReason.Malformed) => true,
            (GuardAttemptKind.Escalation, GuardReason.ScorerFailed) => true,
            _ => false,
        };

    private async Task<IEnumerable<GuardDraft>> AttemptAsync(
        GuardRequest request, GuardAttemptKind kind, int count, GuardDraft best, ExtraBudget budget, CancellationToken cancellationToken)
    {
        var drafts = await Task.WhenAll(Enumerable.Range(0, count).Select(i => TryAttemptAsync(request, kind, i, best, budget.TimeLeft, cancellationToken)));
        return drafts.OfType<GuardDraft>();
    }

    /// <summary>One attempt behind a barrier; null when it failed, which must not lose what the ones before found.</summary>
    private async Task<GuardDraft?> TryAttemptAsync(
        GuardRequest request, GuardAttemptKind kind, int index, GuardDraft best, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        var removed = kind == GuardAttemptKind.Removal ? UnsupportedSentences.Remove(best.Response.Text, best.Report.Verdicts ?? []) : null;
        var judge = removed is null ? null : InnerClient.GetService<VerificationChatClient>();
        if (kind == GuardAttemptKind.Removal && judge is null)
        {
            return null;
        }

        using var activity = GuardTelemetry.StartAttempt(kind);
        var started = _options.TimeProvider.GetTimestamp();
        var (response, fault) = await FaultBarrier.RunAsync(
            GuardStage.Generation,
            kind.ToString(),
            async (best, stop) => judge is null
                ? await AskAsync(request, kind, index, best, stop)
                : await RejudgeAsync(judge, request, best, removed!, stop),
            best,
            timeLeft,
            _options.TimeProvider,
            cancellationToken);
        if (fault is not null)
        {
            request.AddFault(activity, fault);
            LogAttemptFailed(kind, fault.ErrorType);
            return null;
        }

        return Judge(request, kind, response!, started);
    }

    private Task<ChatResponse> AskAsync(GuardRequest request, GuardAttemptKind kind, int index, GuardDraft best, CancellationToken cancellationToken) =>
        (kind == GuardAttemptKind.Escalation ? _options.Escalation! : InnerClient)
            .GetResponseAsync(request.MessagesFor(kind, best), request.OptionsFor(kind, index, RunsTools), cancellationToken);

    /// <summary>A draft with another text, verified anew by the same verifiers. Its confidence stays that of the draft.</summary>
    private static async Task<ChatResponse> RejudgeAsync(
        VerificationChatClient judge, GuardRequest request, GuardDraft draft, string text, CancellationToken cancellationToken)
    {
        var messages = GuardRequest.WithoutText(draft.Response.Messages);
        messages.Add(new ChatMessage(ChatRole.Assistant, text) { MessageId = draft.Response.Messages.LastOrDefault()?.MessageId });
        var response = new ChatResponse(messages)
        {
            ResponseId = draft.Response.ResponseId,
            ConversationId = draft.Response.ConversationId,
            ModelId = draft.Response.ModelId,
            CreatedAt = draft.Response.CreatedAt,
            FinishReason = draft.Response.FinishReason,
        };
        response.SetGuardReport(new() { Confidence = draft.Report.Confidence, ScoredLength = text.Length });
        await judge.JudgeAsync(request.Messages, request.Options, response, TimeSpan.Zero, cancellationToken);
        return response;
    }

    [LoggerMessage(LogLevel.Information, "The budget for further attempts was spent before {Kind}.")]
    private partial void LogBudgetSpent(GuardAttemptKind kind);
}
