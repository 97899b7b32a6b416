using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microscale.Guard;

/// <summary>Delivers an answer only when a policy lets it; else asks again, asks another client, or says that it does not
/// know.</summary>
/// <remarks>
/// Put it outside of <see cref="VerificationChatClient"/> and <see cref="ConfidenceChatClient"/>, whose parts of the
/// <see cref="GuardReport"/> its policy reads. Safe for concurrent callers. Exceptions of the model itself pass through; a
/// stream that fails or is cancelled gives up nothing that was not judged before.
/// </remarks>
public sealed partial class AbstentionChatClient : DelegatingChatClient
{
    private readonly AbstentionOptions _options;
    private readonly IAbstentionPolicy _policy;
    private readonly ILogger _logger;

    /// <summary>Creates the client.</summary>
    /// <param name="innerClient">The client whose answers are judged.</param>
    /// <param name="options">The policy and what goes with it; not to be changed afterwards.</param>
    /// <param name="loggerFactory">Makes the logger; no logging without one.</param>
    /// <exception cref="InvalidOperationException">An option is missing or out of range; the message names it.</exception>
    public AbstentionChatClient(IChatClient innerClient, AbstentionOptions options, ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _policy = options.Policy!;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<AbstentionChatClient>();
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = GuardRequest.Create(messages, options, _options.TimeProvider);
        using var activity = GuardTelemetry.StartGuard(streaming: false);
        if (options.GetBypassReason() is { } bypass)
        {
            var response = await base.GetResponseAsync(request.Messages, options, cancellationToken);
            response.SetGuardReport(Bypassed(activity, response.GetGuardReport(), bypass));
            return response;
        }

        return await RespondAsync(activity, request, cancellationToken);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(IAbstentionPolicy) ? _policy : base.GetService(serviceType!, serviceKey);

    private async Task<ChatResponse> RespondAsync(Activity? activity, GuardRequest request, CancellationToken cancellationToken)
    {
        if (ReasonNotToAsk(request) is { } reason)
        {
            return Conclude(activity, request, request.Abstain(null, reason, _options));
        }

        var first = default(GuardDraft);
        foreach (var kind in Plan())
        {
            if (first is not null && !IsWorthAnother(kind, first))
            {
                continue;
            }

            var draft = await TryDraftAsync(request, kind, first, cancellationToken);
            if (draft is null)
            {
                continue;
            }

            if (!draft.IsAnswer)
            {
                if (draft.Response.ContinuationToken is not null)
                {
                    // A background response that still runs: it is judged when it is whole.
                    draft.Response.Messages = GuardRequest.WithoutText(draft.Response.Messages);
                }

                return draft.Response;
            }

            if (draft.IsDelivered)
            {
                return Conclude(activity, request, request.Deliver(draft, first));
            }

            first ??= draft;
        }

        return Conclude(activity, request, request.Abstain(first, first!.Decision, _options));
    }

    /// <summary>The attempts in their order.</summary>
    private IEnumerable<GuardAttemptKind> Plan()
    {
        yield return GuardAttemptKind.Draft;
        for (var i = 0; i < _options.MaxRepairs; i++)
        {
            yield return GuardAttemptKind.Repair;
        }

        if (_options.Escalation is not null)
        {
            yield return GuardAttemptKind.Escalation;
        }
    }

    /// <summary>Whether a further attempt can help: the same model can mend what it said, not what the guard lacks.</summary>
    private static bool IsWorthAnother(GuardAttemptKind kind, GuardDraft first) =>
        !first.HasToolCalls && (kind, first.Decision.Reason) switch
        {
            (_, GuardReason.LowConfidence or GuardReason.Contradicted or GuardReason.Unverifiable) => true,
            (GuardAttemptKind.Escalation, GuardReason.ScorerFailed) => true,
            _ => false,
        };

    /// <summary>Why the model need not be asked at all; null when it is asked.</summary>
    private PolicyDecision? ReasonNotToAsk(GuardRequest request) => request.Grounding switch
    {
        GroundingOutcome.Failed when _options.WhenSourceFails == FaultAction.Abstain =>
            new(GuardReason.SourceFailed, "The evidence source failed."),
        GroundingOutcome.Empty when _options.WhenNoEvidence == FaultAction.Abstain && request.Messages.GetEvidence().Count == 0 =>
            new(GuardReason.NoEvidence, "Nothing relevant was found."),
        _ => null,
    };

    /// <summary>Asks once; null when a further attempt failed, which must not lose what the first one found.</summary>
    private async Task<GuardDraft?> TryDraftAsync(
        GuardRequest request, GuardAttemptKind kind, GuardDraft? first, CancellationToken cancellationToken)
    {
        using var activity = GuardTelemetry.StartAttempt(kind);
        var started = _options.TimeProvider.GetTimestamp();
        try
        {
            var response = await Target(kind).GetResponseAsync(request.MessagesFor(kind, first), request.Options, cancellationToken);
            var report = response.GetGuardReport() ?? new();
            var decision = Conversation.IsAnswer(response) ? Decide(report, response.Text.Length) : PolicyDecision.Deliver;
            var draft = new GuardDraft(kind, response, report, decision, _options.TimeProvider.GetElapsedTime(started))
            {
                HasToolCalls = response.Messages.Any(m => m.Contents.Any(c => c is FunctionCallContent)),
            };
            request.Add(draft);
            LogAttempt(kind, decision.Reason);
            return draft;
        }
        catch (Exception exception) when (first is not null && !cancellationToken.IsCancellationRequested)
        {
            request.AddFault(activity, kind, exception);
            LogAttemptFailed(kind, exception.GetType().FullName);
            return null;
        }
        catch (Exception exception)
        {
            GuardTelemetry.RecordRequestFailure(activity, exception, cancellationToken);
            throw;
        }
    }

    private IChatClient Target(GuardAttemptKind kind) => kind == GuardAttemptKind.Escalation ? _options.Escalation! : InnerClient;

    /// <summary>The policy's decision on the first <paramref name="length"/> units of a text; withheld where the report does
    /// not cover them, or where the policy fails.</summary>
    private PolicyDecision Decide(GuardReport report, int length)
    {
        try
        {
            var decision = _policy.Decide(report);
            return decision.IsWithheld || Covered(report) >= length
                ? decision
                : _policy.Needs.HasFlag(GuardParts.Verdicts) && report.VerifiedLength < length
                    ? new(GuardReason.VerifierFailed, "The answer was not verified to its end.")
                    : new(GuardReason.ScorerFailed, "The answer was not scored to its end.");
        }
        catch (Exception exception)
        {
            LogPolicyFailed(exception.GetType().FullName);
            return new(GuardReason.PolicyFailed, exception.Message);
        }
    }

    /// <summary>How much of the text the needed parts of a report cover.</summary>
    private int Covered(GuardReport report) => Math.Min(
        _policy.Needs.HasFlag(GuardParts.Verdicts) ? report.VerifiedLength : int.MaxValue,
        _policy.Needs.HasFlag(GuardParts.Confidence) ? report.ScoredLength : int.MaxValue);

    private GuardReport Bypassed(Activity? activity, GuardReport? report, string reason)
    {
        GuardTelemetry.RecordBypass(activity);
        LogBypassed();
        return (report ?? new()) with { Decision = GuardDecision.Delivered, Reason = GuardReason.Bypassed, Explanation = reason };
    }

    private ChatResponse Conclude(Activity? activity, GuardRequest request, ChatResponse response)
    {
        Conclude(activity, request, response.GetGuardReport()!, response.ModelId);
        return response;
    }

    private void Conclude(Activity? activity, GuardRequest request, GuardReport report, string? modelId)
    {
        GuardTelemetry.RecordDecision(activity, report, modelId, request.Reading);
        LogDecided(report.Decision, report.Reason);
    }

    [LoggerMessage(LogLevel.Debug, "{Kind} was judged: {Reason}.")]
    private partial void LogAttempt(GuardAttemptKind kind, GuardReason reason);

    // Types of exceptions only: a message could quote content.
    [LoggerMessage(LogLevel.Warning, "{Kind} failed with {ErrorType}; the guard goes on without it.")]
    private partial void LogAttemptFailed(GuardAttemptKind kind, string? errorType);

    [LoggerMessage(LogLevel.Error, "The abstention policy failed with {ErrorType}; the answer is withheld.")]
    private partial void LogPolicyFailed(string? errorType);

    [LoggerMessage(LogLevel.Information, "The guard decided: {Decision} ({Reason}).")]
    private partial void LogDecided(GuardDecision? decision, GuardReason reason);

    [LoggerMessage(LogLevel.Warning, "The guard was bypassed by the caller.")]
    private partial void LogBypassed();
}
