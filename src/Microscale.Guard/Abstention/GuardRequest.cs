using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>A request under judgement: what was asked, and what its attempts found and cost.</summary>
internal sealed class GuardRequest
{
    private readonly AbstentionOptions _settings;
    private readonly PolicyRequest _request;
    private readonly ILogger _logger;
    private readonly GuardOverrides? _overrides;
    private readonly long _started;
    private readonly List<GuardDraft> _drafts = new(1);
    private List<GuardFault>? _faults;

    private GuardRequest(IReadOnlyList<ChatMessage> messages, ChatOptions? options, AbstentionOptions settings, ILogger logger)
    {
        Messages = messages;
        Grounding = options.GetGroundingOutcome(messages);
        Options = options;
        if (options?.AdditionalProperties?.ContainsKey(GuardPropertyNames.GroundingOutcome) is true)
        {
            // The word is for this box; no provider should see it.
            Options = options.Clone();
            Options.AdditionalProperties!.Remove(GuardPropertyNames.GroundingOutcome);
        }

        _overrides = GuardOverrides.Read(options);
        _settings = settings.For(_overrides);
        _started = settings.TimeProvider.GetTimestamp();
        _request = new(messages, Options);
        _logger = logger;
        Policy = new(_settings.Policy!, _request, logger);
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    public ChatOptions? Options { get; }

    public GroundingOutcome Grounding { get; }

    /// <summary>Whether a box outside sought evidence; it then measures the time of the whole request.</summary>
    public bool IsTimedOutside => Grounding != GroundingOutcome.NotGrounded;

    public RequestPolicy Policy { get; }

    /// <summary>The name of the policy in telemetry: that by which the request chose it, or else what it is.</summary>
    public string PolicyName => _overrides?.Policy ?? Policy.Name;

    /// <summary>The lowest score that would have been delivered, where a threshold withheld the answer.</summary>
    public double? Threshold { get; private set; }

    /// <summary>Whether telemetry may hold content.</summary>
    public bool CapturesContent => _settings.EnableSensitiveData;

    /// <summary>Records that the first text of a streamed answer goes out.</summary>
    public void RecordFirstRelease()
    {
        if (!IsTimedOutside)
        {
            GuardTelemetry.RecordFirstRelease(Elapsed - Reading);
        }
    }

    private TimeSpan Elapsed => _settings.TimeProvider.GetElapsedTime(_started);

    /// <summary>The policy that decides on an attempt.</summary>
    public RequestPolicy PolicyFor(GuardAttemptKind kind) =>
        kind == GuardAttemptKind.Escalation && _settings.EscalationPolicy is { } other ? new(other, _request, _logger) : Policy;

    public bool IsStreaming { get; init; }

    /// <summary>How long the reader of a stream held its updates.</summary>
    public TimeSpan Reading { get; set; }

    /// <summary>The part of the total time that was neither the model's nor the reader's. The model may go on while a stream is
    /// read, so for one that is read slowly it is a lower bound.</summary>
    public TimeSpan Overhead(GuardTimings timings)
    {
        var overhead = timings.Total - timings.Generation - Reading;
        return overhead > TimeSpan.Zero ? overhead : TimeSpan.Zero;
    }

    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options of the request, which may set the guard otherwise.</param>
    /// <param name="settings">How the guard is set.</param>
    /// <param name="logger">Takes failures of the policy.</param>
    /// <param name="streaming">Whether the answer is streamed.</param>
    public static GuardRequest Create(
        IEnumerable<ChatMessage> messages, ChatOptions? options, AbstentionOptions settings, ILogger logger, bool streaming) =>
        new(Conversation.Materialize(messages), options, settings, logger) { IsStreaming = streaming };

    /// <summary>The attempts after the first draft in their order, and how many of each are made at once. What costs nothing but
    /// completeness comes last.</summary>
    public IEnumerable<(GuardAttemptKind Kind, int Count)> FurtherAttempts()
    {
        // Where the server keeps the conversation, candidates would become part of it.
        if (_settings.MaxCandidates > 0 && Options?.ConversationId is null)
        {
            yield return (GuardAttemptKind.Candidate, _settings.MaxCandidates);
        }

        for (var i = 0; i < _settings.MaxRepairs; i++)
        {
            yield return (GuardAttemptKind.Repair, 1);
        }

        if (_settings.Escalation is not null)
        {
            yield return (GuardAttemptKind.Escalation, 1);
        }

        // Half of a structured answer is none.
        if (_settings.RemoveUnsupported && Options?.ResponseFormat is not ChatResponseFormatJson)
        {
            yield return (GuardAttemptKind.Removal, 1);
        }
    }

    public IReadOnlyList<ChatMessage> MessagesFor(GuardAttemptKind kind, GuardDraft? best) =>
        kind == GuardAttemptKind.Repair ? RepairPrompt.Append(Messages, best!) : Messages;

    /// <summary>The options of an attempt.</summary>
    /// <param name="kind">How the draft comes about.</param>
    /// <param name="index">The place of a candidate among the others.</param>
    /// <param name="runsTools">Whether tools are called inside of this box, so that a call is not the end of an attempt.</param>
    public ChatOptions? OptionsFor(GuardAttemptKind kind, int index, bool runsTools)
    {
        if (kind is not (GuardAttemptKind.Candidate or GuardAttemptKind.Repair))
        {
            return Options;
        }

        var options = Options?.Clone() ?? new();
        if (!runsTools && options.Tools is { Count: > 0 })
        {
            options.ToolMode = ChatToolMode.None;
        }

        options.AllowBackgroundResponses = null;
        if (kind == GuardAttemptKind.Candidate)
        {
            // Settings that make every candidate the same draw would make them useless, as would a cache that sees equal requests.
            options.Temperature = Math.Max(_settings.CandidateTemperature, options.Temperature ?? 0);
            options.TopK = options.TopK is 1 ? null : options.TopK;
            options.TopP = options.TopP is < 0.5f ? null : options.TopP;
            options.Seed = unchecked((options.Seed ?? 0) + index + 1) & int.MaxValue;
        }

        return options;
    }

    public void Add(GuardDraft draft)
    {
        _drafts.Add(draft);
        GuardTelemetry.RecordAttempt(draft.Kind, draft.Decision.Reason);
        if (_drafts.Count > 1)
        {
            GuardTelemetry.RecordTokens(draft.Response.Usage, draft.Report.SampleUsage, draft.Response.ModelId, _settings.Prices);
        }
    }

    public void AddFault(Activity? attempt, GuardFault fault)
    {
        // Candidates are drawn at once.
        lock (_drafts)
        {
            (_faults ??= []).Add(fault);
        }

        GuardTelemetry.RecordFault(attempt, fault);
    }

    /// <summary>The response of a draft that passed, with the cost of all drafts.</summary>
    public ChatResponse Deliver(GuardDraft draft, GuardDraft first)
    {
        // The report first: it tells what this draft cost alone.
        draft.Response.SetGuardReport(ReportOnDelivery(draft, first));
        draft.Response.Usage = TotalUsage() ?? draft.Response.Usage;
        return draft.Response;
    }

    /// <summary>The tokens of all drafts, before one was delivered; null when nothing is known.</summary>
    public UsageDetails? TotalUsage() => UsageFrom(0);

    /// <summary>The tokens of all drafts but the first; null when nothing is known.</summary>
    public UsageDetails? FurtherUsage() => UsageFrom(1);

    public GuardReport ReportOnDelivery(GuardDraft draft, GuardDraft first) =>
        Complete(draft.Report, draft.DecisionWhenDelivered, first.Decision);

    /// <summary>The response in place of a draft that did not pass. All that is not text of the model stays.</summary>
    public ChatResponse Abstain(GuardDraft? draft, PolicyDecision decision)
    {
        var report = ReportOnAbstention(draft, decision);
        var messages = WithoutText(draft?.Response.Messages ?? []);
        if (draft is not { HasToolCalls: true })
        {
            var last = messages.LastOrDefault(m => m.Role == ChatRole.Assistant);
            if (last is null)
            {
                messages.Add(last = new ChatMessage(ChatRole.Assistant, []) { MessageId = draft?.Response.Messages.LastOrDefault()?.MessageId });
            }

            last.Contents.Add(WriteAbstention(decision.Reason, report, hasBegun: false));
        }

        var response = new ChatResponse(messages)
        {
            ResponseId = draft?.Response.ResponseId,
            ConversationId = draft?.Response.ConversationId,
            ModelId = draft?.Response.ModelId,
            CreatedAt = draft?.Response.CreatedAt,
            FinishReason = draft is { HasToolCalls: true } ? draft.Response.FinishReason : ChatFinishReason.ContentFilter,
            Usage = TotalUsage(),
            AdditionalProperties = draft?.Response.AdditionalProperties?.Clone(),
            RawRepresentation = _settings.KeepDraft ? draft?.Response.RawRepresentation : null,
        };

        // The tokens spell the draft.
        response.AdditionalProperties?.Remove(GuardPropertyNames.LogProbabilities);
        response.SetGuardReport(report);
        return response;
    }

    public GuardReport ReportOnAbstention(GuardDraft? draft, PolicyDecision decision)
    {
        Threshold = decision.Threshold;
        return Complete(draft?.Report ?? new() { Evidence = Messages.GetEvidence() }, GuardDecision.Abstained, decision) with
        {
            WithheldDraft = _settings.KeepDraft ? draft?.Response.Text : null,
        };
    }

    public TextContent WriteAbstention(GuardReason reason, GuardReport report, bool hasBegun)
    {
        var templates = _settings.Templates[_settings.Language];
        try
        {
            return _settings.WriteAbstention(new AbstentionContext(Conversation.Question(Messages), reason, report, hasBegun) { Templates = templates })
                ?? new TextContent(templates.Why(reason));
        }
        catch (Exception)
        {
            // Whatever a writer of the caller's does, an abstention must come out.
            return new TextContent(templates.Why(reason));
        }
    }

    private GuardReport Complete(GuardReport report, GuardDecision decision, PolicyDecision why)
    {
        var attempts = new GuardAttempt[_drafts.Count];
        var timings = _drafts.Count == 0 ? GuardTimings.Zero : _drafts[0].Report.Timings;
        var faults = _faults?.Count ?? 0;
        for (var i = 0; i < attempts.Length; i++)
        {
            attempts[i] = _drafts[i].ToAttempt();
            timings = i == 0 ? timings : timings.Plus(_drafts[i].Report.Timings);
            faults += _drafts[i].Report.Faults.Count;
        }

        return report with
        {
            Decision = decision,
            Reason = why.Reason,
            Explanation = why.Explanation,
            Attempts = attempts,
            Faults = faults == 0 ? [] : [.. _drafts.SelectMany(d => d.Report.Faults).Concat(_faults ?? []).Distinct()],
            Timings = timings with { Total = Elapsed },
        };
    }

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

    private UsageDetails? UsageFrom(int first)
    {
        UsageDetails? sum = null;
        for (var i = first; i < _drafts.Count; i++)
        {
            sum = UsageSum.Of(sum, _drafts[i].Response.Usage);
        }

        return sum;
    }
}
