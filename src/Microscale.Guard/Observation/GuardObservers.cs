using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Tells the observers of a guard what became of its requests.</summary>
internal sealed partial class GuardObservers
{
    private readonly IGuardObserver[] _observers;
    private readonly AbstentionOptions _options;
    private readonly IConfidenceScorer? _scorer;
    private readonly ILogger _logger;

    public GuardObservers(AbstentionOptions options, IChatClient client, ILogger logger)
    {
        (_observers, _options, _logger) = ([.. options.Observers], options, logger);
        _scorer = IsEmpty ? null : client.GetService<IConfidenceScorer>();
    }

    /// <summary>Whether nobody listens.</summary>
    public bool IsEmpty => _observers.Length == 0;

    /// <summary>Tells all observers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="report">The final judgement.</param>
    /// <param name="response">What the caller gets, with the tokens of all drafts.</param>
    /// <param name="draft">The draft that the report judges; null when there is none.</param>
    public void Tell(GuardRequest request, GuardReport report, ChatResponse response, GuardDraft? draft)
    {
        GuardObservation? bare = null, full = null;
        foreach (var observer in _observers)
        {
            try
            {
                bare ??= Observe(request, report, response);
                observer.OnDecided(observer.WantsContent ? full ??= WithContent(bare, request, response, draft) : bare);
            }
            catch (Exception exception)
            {
                LogObserverFailed(observer.GetType().Name, exception.GetType().FullName);
            }
        }
    }

    private GuardObservation Observe(GuardRequest request, GuardReport report, ChatResponse response) => new(report)
    {
        ModelId = response.ModelId,
        ResponseId = response.ResponseId,
        TraceId = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : null,
        IsStreaming = request.IsStreaming,
        Overhead = request.Overhead(report.Timings),
        Usage = response.Usage,
        Threshold = request.Policy.Threshold(report.Confidence),
        Pipeline = report.Confidence is null || _scorer is null
            ? null
            : new(_scorer.Fingerprint, response.ModelId, CalibrationPipeline.FingerprintPrompt(request.Messages, request.Options)),
        Drift = _options.Drift?.Status,
    };

    private static GuardObservation WithContent(GuardObservation bare, GuardRequest request, ChatResponse response, GuardDraft? draft) => bare with
    {
        Question = Conversation.Question(request.Messages),
        Answer = response.Messages.Count == 0 ? null : response.Text,
        Draft = bare.Report.Decision == GuardDecision.Abstained ? draft?.Response.Text : null,
    };

    // The type only: a message could quote content.
    [LoggerMessage(LogLevel.Warning, "The guard's observer {Observer} failed with {ErrorType}.")]
    private partial void LogObserverFailed(string observer, string? errorType);
}
