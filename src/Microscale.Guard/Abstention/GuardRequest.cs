using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>A request under judgement: what was asked, and what its attempts found and cost.</summary>
internal sealed class GuardRequest
{
    private readonly TimeProvider _timeProvider;
    private readonly long _started;
    private readonly List<GuardDraft> _drafts = [];
    private readonly List<GuardFault> _faults = [];

    private GuardRequest(IReadOnlyList<ChatMessage> messages, ChatOptions? options, TimeProvider timeProvider)
    {
        Messages = messages;
        Grounding = options.GetGroundingOutcome();
        Options = options;
        if (Grounding != GroundingOutcome.NotGrounded)
        {
            // The word is for this box; no provider should see it.
            Options = options!.Clone();
            Options.AdditionalProperties!.Remove(GuardPropertyNames.GroundingOutcome);
        }

        _timeProvider = timeProvider;
        _started = timeProvider.GetTimestamp();
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    public ChatOptions? Options { get; }

    public GroundingOutcome Grounding { get; }

    /// <summary>How long the reader of a stream held its updates.</summary>
    public TimeSpan Reading { get; set; }

    public static GuardRequest Create(IEnumerable<ChatMessage> messages, ChatOptions? options, TimeProvider timeProvider) =>
        new(Conversation.Materialize(messages), options, timeProvider);

    public IReadOnlyList<ChatMessage> MessagesFor(GuardAttemptKind kind, GuardDraft? first) =>
        kind == GuardAttemptKind.Repair ? RepairPrompt.Append(Messages, first!) : Messages;

    public void Add(GuardDraft draft)
    {
        _drafts.Add(draft);
        GuardTelemetry.RecordAttempt(draft.ToAttempt());
        if (_drafts.Count > 1)
        {
            GuardTelemetry.RecordTokens(draft.Response.Usage, draft.Report.SampleUsage);
        }
    }

    public void AddFault(Activity? attempt, GuardAttemptKind kind, Exception exception)
    {
        var fault = GuardFault.From(GuardStage.Generation, kind.ToString(), exception);
        _faults.Add(fault);
        GuardTelemetry.RecordFault(attempt, fault);
    }

    /// <summary>The response of a draft that passed, with the cost of all drafts.</summary>
    public ChatResponse Deliver(GuardDraft draft, GuardDraft? first)
    {
        // The report first: it tells what this draft cost alone.
        draft.Response.SetGuardReport(ReportOnDelivery(draft, first));
        draft.Response.Usage = Sum(_drafts) ?? draft.Response.Usage;
        return draft.Response;
    }

    public GuardReport ReportOnDelivery(GuardDraft draft, GuardDraft? first) => Complete(draft.Report) with
    {
        Decision = draft.DecisionWhenDelivered,
        Reason = first?.Decision.Reason ?? GuardReason.None,
        Explanation = first?.Decision.Explanation,
    };

    /// <summary>The response in place of a draft that did not pass. All that is not text of the model stays.</summary>
    public ChatResponse Abstain(GuardDraft? draft, PolicyDecision decision, AbstentionOptions options)
    {
        var report = ReportOnAbstention(draft, decision, options);
        var messages = WithoutText(draft?.Response.Messages ?? []);
        if (draft is not { HasToolCalls: true })
        {
            var last = messages.LastOrDefault(m => m.Role == ChatRole.Assistant);
            if (last is null)
            {
                messages.Add(last = new ChatMessage(ChatRole.Assistant, []) { MessageId = draft?.Response.Messages.LastOrDefault()?.MessageId });
            }

            last.Contents.Add(WriteAbstention(decision.Reason, report, options, hasBegun: false));
        }

        var response = new ChatResponse(messages)
        {
            ResponseId = draft?.Response.ResponseId,
            ConversationId = draft?.Response.ConversationId,
            ModelId = draft?.Response.ModelId,
            CreatedAt = draft?.Response.CreatedAt,
            FinishReason = draft is { HasToolCalls: true } ? draft.Response.FinishReason : ChatFinishReason.ContentFilter,
            Usage = Sum(_drafts),
            AdditionalProperties = draft?.Response.AdditionalProperties?.Clone(),
            RawRepresentation = options.KeepDraft ? draft?.Response.RawRepresentation : null,
        };

        // The tokens spell the draft.
        response.AdditionalProperties?.Remove(GuardPropertyNames.LogProbabilities);
        response.SetGuardReport(report);
        return response;
    }

    public GuardReport ReportOnAbstention(GuardDraft? draft, PolicyDecision decision, AbstentionOptions options) =>
        Complete(draft?.Report ?? new() { Evidence = Messages.GetEvidence() }) with
        {
            Decision = GuardDecision.Abstained,
            Reason = decision.Reason,
            Explanation = decision.Explanation,
            WithheldDraft = options.KeepDraft ? draft?.Response.Text : null,
        };

    public TextContent WriteAbstention(GuardReason reason, GuardReport report, AbstentionOptions options, bool hasBegun)
    {
        try
        {
            return options.WriteAbstention(new AbstentionContext(Conversation.Question(Messages), reason, report, hasBegun))
                ?? new TextContent(AbstentionText.Why(reason));
        }
        catch (Exception)
        {
            // Whatever a writer of the caller's does, an abstention must come out.
            return new TextContent(AbstentionText.Why(reason));
        }
    }

    private GuardReport Complete(GuardReport report) => report with
    {
        Attempts = [.. _drafts.Select(d => d.ToAttempt())],
        Faults = [.. _drafts.SelectMany(d => d.Report.Faults).Concat(_faults).Distinct()],
        Timings = _drafts.Aggregate(new GuardTimings(), (sum, draft) => sum.Plus(draft.Report.Timings)) with
        {
            Total = _timeProvider.GetElapsedTime(_started),
        },
    };

    /// <summary>The messages without any text of the model, and without the log-probabilities, which spell it.</summary>
    public static List<ChatMessage> WithoutText(IEnumerable<ChatMessage> messages)
    {
        var kept = new List<ChatMessage>();
        foreach (var message in messages)
        {
            List<AIContent> contents = [.. message.Contents.Where(c => c is not (TextContent or TextReasoningContent))];
            if (contents.Count > 0)
            {
                var properties = message.AdditionalProperties?.Clone();
                properties?.Remove(GuardPropertyNames.LogProbabilities);
                kept.Add(new ChatMessage(message.Role, contents)
                {
                    AuthorName = message.AuthorName,
                    CreatedAt = message.CreatedAt,
                    MessageId = message.MessageId,
                    AdditionalProperties = properties,
                });
            }
        }

        return kept;
    }

    private static UsageDetails? Sum(IEnumerable<GuardDraft> drafts)
    {
        UsageDetails? sum = null;
        foreach (var draft in drafts)
        {
            if (draft.Response.Usage is { } usage)
            {
                (sum ??= new()).Add(usage);
            }
        }

        return sum;
    }
}
