using System.Diagnostics;
using System.Runtime.CompilerServices;
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
    private readonly GuardObservers _observers;

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
        _observers = new(options, innerClient, _logger);
    }

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        RespondAsync(messages, options, cancellationToken).AsTask();

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? base.GetService(serviceType!, serviceKey)
        : serviceType == typeof(IAbstentionPolicy) ? _policy
        : serviceType == typeof(DriftMonitor) ? _options.Drift
        : base.GetService(serviceType!, serviceKey);

    /// <summary>Answers, and keeps its state machine for the next request: see <see cref="EvidenceSearch.GroundAsync"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> RespondAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var request = GuardRequest.Create(messages, options, _options, _logger, streaming: false);
        using var activity = GuardTelemetry.StartGuard(streaming: false);
        if (ReasonToBypass(options) is { } bypass)
        {
            var response = await base.GetResponseAsync(request.Messages, options, cancellationToken);
            response.SetGuardReport(Bypassed(activity, request, response.GetGuardReport(), response, bypass));
            return response;
        }

        return await AnswerAsync(activity, request, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> AnswerAsync(Activity? activity, GuardRequest request, CancellationToken cancellationToken)
    {
        if (ReasonNotToAsk(request) is { } reason)
        {
            return Conclude(activity, request, request.Abstain(null, reason));
        }

        GuardDraft first;
        using (var attempt = GuardTelemetry.StartAttempt(GuardAttemptKind.Draft))
        {
            var started = _options.TimeProvider.GetTimestamp();
            try
            {
                first = Judge(request, GuardAttemptKind.Draft, await InnerClient.GetResponseAsync(request.Messages, request.Options, cancellationToken), started);
                Add(request, first);
            }
            catch (Exception exception)
            {
                GuardTelemetry.RecordRequestFailure(attempt, exception, cancellationToken);
                throw;
            }
        }

        if (!first.IsAnswer)
        {
            if (first.Response.ContinuationToken is not null)
            {
                // A background response that still runs: it is judged when it is whole.
                first.Response.Messages = GuardRequest.WithoutText(first.Response.Messages);
            }

            return first.Response;
        }

        var last = first.IsDelivered ? first : await ImproveAsync(request, first, cancellationToken);
        return Conclude(activity, request, last.IsDelivered ? request.Deliver(last, first) : request.Abstain(last, last.Decision), last);
    }

    /// <summary>Why the model need not be asked at all; null when it is asked.</summary>
    private PolicyDecision? ReasonNotToAsk(GuardRequest request) => request.Grounding switch
    {
        GroundingOutcome.Failed when _options.WhenSourceFails == FaultAction.Abstain =>
            new(GuardReason.SourceFailed, "The evidence source failed."),
        GroundingOutcome.Empty when _options.WhenNoEvidence == FaultAction.Abstain && request.Messages.GetEvidence().Count == 0 =>
            new(GuardReason.NoEvidence, "Nothing relevant was found."),
        GroundingOutcome.NoChoice => new(GuardReason.NoEvidence, "The evidence offers nothing for a field that is to be chosen from it."),
        _ => null,
    };

    /// <summary>A response with what the policy says of it.</summary>
    private GuardDraft Judge(GuardRequest request, GuardAttemptKind kind, ChatResponse response, long started)
    {
        var report = response.GetGuardReport() ?? GuardReport.Empty;
        var duration = _options.TimeProvider.GetElapsedTime(started);
        var hasToolCalls = Conversation.HasOpenCalls(response.Messages);
        var decision = GuardDraft.CanAnswer(kind, response, hasToolCalls)
            ? request.PolicyFor(kind).Decide(report, response.Text.Length, response.ModelId, isComplete: true)
            : kind == GuardAttemptKind.Draft ? PolicyDecision.Deliver
            : new(GuardReason.Unverifiable, "The attempt came back as a tool call or without text.");
        return new(kind, response, report, decision, duration) { HasToolCalls = hasToolCalls };
    }

    private void Add(GuardRequest request, GuardDraft draft)
    {
        request.Add(draft);
        LogAttempt(draft.Kind, draft.Decision.Reason);
        if (_options.Drift is { } drift
            && draft is { Kind: GuardAttemptKind.Draft, Report.Confidence: { } score } && (score.RawValue ?? score.Value) is { } raw)
        {
            drift.Observe(raw);
            if (!score.IsCalibrated)
            {
                GuardTelemetry.RecordProbability(score.Scorer, drift.Calibrator.Apply(raw));
            }
        }
    }

    private string? ReasonToBypass(ChatOptions? options)
    {
        var reason = options.GetBypassReason();
        if (reason is not null && !_options.AllowBypass)
        {
            LogBypassRefused(reason);
            return null;
        }

        return reason;
    }

    private GuardReport Bypassed(Activity? activity, GuardRequest request, GuardReport? report, ChatResponse response, string reason)
    {
        GuardTelemetry.RecordBypass(activity);
        LogBypassed(reason);
        report = (report ?? new()) with { Decision = GuardDecision.Delivered, Reason = GuardReason.Bypassed, Explanation = reason };
        _observers.Tell(request, report, response, null);
        return report;
    }

    private ChatResponse Conclude(Activity? activity, GuardRequest request, ChatResponse response, GuardDraft? draft = null)
    {
        Conclude(activity, request, response.GetGuardReport()!, response, draft);
        return response;
    }

    private void Conclude(Activity? activity, GuardRequest request, GuardReport report, ChatResponse response, GuardDraft? draft)
    {
        GuardTelemetry.RecordDecision(activity, request, report, response);
        LogDecided(report.Decision, report.Reason);
        _observers.Tell(request, report, response, draft);
    }

    [LoggerMessage(LogLevel.Debug, "{Kind} was judged: {Reason}.")]
    private partial void LogAttempt(GuardAttemptKind kind, GuardReason reason);

    // Types of exceptions only: a message could quote content.
    [LoggerMessage(LogLevel.Warning, "{Kind} failed with {ErrorType}; the guard goes on without it.")]
    private partial void LogAttemptFailed(GuardAttemptKind kind, string? errorType);

    [LoggerMessage(LogLevel.Information, "The guard decided: {Decision} ({Reason}).")]
    private partial void LogDecided(GuardDecision? decision, GuardReason reason);

    // The reason is the developer's, and what an audit looks for.
    [LoggerMessage(LogLevel.Warning, "The guard was bypassed by the caller: {BypassReason}")]
    private partial void LogBypassed(string bypassReason);

    [LoggerMessage(LogLevel.Warning, "The caller wanted to bypass the guard, which does not allow it: {BypassReason}")]
    private partial void LogBypassRefused(string bypassReason);
}
