using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microscale.Guard;

/// <summary>Puts evidence for the question before the model, and turns it into citations in the answer.</summary>
/// <remarks>
/// The passages that the source finds are added to a copy of the last user turn, numbered and fenced. On the way back the
/// report gets the evidence; each claim that a verifier found supported gets a <see cref="CitationAnnotation"/> whose
/// regions count from the start of its <see cref="TextContent"/>. When the source fails or finds nothing, the request goes
/// on without evidence, and the inner parts of the guard are told so. A turn that was grounded already is left as it is.
/// Safe for concurrent callers as far as the source and the inner client are.
/// </remarks>
public sealed class GroundingChatClient : DelegatingChatClient
{
    private readonly IEvidenceSource _source;
    private readonly string _sourceName;
    private readonly GroundingOptions _options;
    private readonly ILogger _logger;

    /// <summary>Creates the client.</summary>
    /// <param name="innerClient">The client that answers.</param>
    /// <param name="source">Finds the evidence.</param>
    /// <param name="options">The settings; null for the defaults. Later changes have no effect.</param>
    /// <param name="loggerFactory">Makes the log; null for none.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public GroundingChatClient(IChatClient innerClient, IEvidenceSource source, GroundingOptions? options = null, ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _sourceName = source.GetType().Name;
        _options = (options ?? new GroundingOptions()).CloneValidated();
        _logger = (ILogger?)loggerFactory?.CreateLogger<GroundingChatClient>() ?? NullLogger.Instance;
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = Conversation.Materialize(messages);
        var question = Conversation.Question(list);
        if (string.IsNullOrWhiteSpace(question) || GuardOverrides.Read(options) is { Ground: false })
        {
            return await base.GetResponseAsync(list, options, cancellationToken);
        }

        using var activity = GuardTelemetry.StartGuard(streaming: false);
        var started = _options.TimeProvider.GetTimestamp();
        var request = await GroundAsync(list, question, options, cancellationToken);
        var generation = _options.TimeProvider.GetTimestamp();
        var response = await base.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        if (!Conversation.IsAnswer(response))
        {
            return response;
        }

        var inner = response.GetGuardReport() ?? Unguarded(generation);
        var report = Complete(inner, request, started);
        Citation[] citations = [.. CitationFinder.FromVerdicts(report), .. FindMarkers(response.Text, request, ref report)];
        var writer = new CitationWriter();
        foreach (var content in response.Messages.SelectMany(m => m.Contents).OfType<TextContent>())
        {
            writer.Write(content, citations);
        }

        response.SetGuardReport(report);
        return response;
    }

    /// <inheritdoc/>
    [SuppressMessage("Maintainability", "CA1508", Justification = "The rule does not see assignments in an await foreach.")]
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var list = Conversation.Materialize(messages);
        var question = Conversation.Question(list);
        if (string.IsNullOrWhiteSpace(question) || GuardOverrides.Read(options) is { Ground: false })
        {
            await foreach (var update in base.GetStreamingResponseAsync(list, options, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        using var activity = GuardTelemetry.StartGuard(streaming: true);
        var started = _options.TimeProvider.GetTimestamp();
        var request = await GroundAsync(list, question, options, cancellationToken);
        var generation = _options.TimeProvider.GetTimestamp();
        var writer = new CitationWriter();
        GuardReport? inner = null;
        GuardReport? report = null;
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken))
        {
            last = update;
            var passed = update;
            if (update.GetGuardReport() is { } judged)
            {
                inner = judged;
                report = Complete(inner, request, started);
                passed = WithReport(update, report);
            }

            foreach (var content in update.Contents.OfType<TextContent>())
            {
                writer.Write(content, report is null ? [] : CitationFinder.FromVerdicts(report));
            }

            yield return passed;
            GuardTelemetry.Restore(activity);
        }

        if (!string.IsNullOrWhiteSpace(writer.Text) && last?.ContinuationToken is null)
        {
            yield return CreateFinalUpdate(writer, Complete(inner ?? Unguarded(generation), request, started), request, last);
        }
    }

    private async Task<GroundedRequest> GroundAsync(
        IReadOnlyList<ChatMessage> messages, string question, ChatOptions? options, CancellationToken cancellationToken)
    {
        if (GroundedRequest.IsGrounded(messages))
        {
            return new GroundedRequest(messages, options);
        }

        using var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Retrieval);
        var started = _options.TimeProvider.GetTimestamp();
        var existing = messages.GetEvidence();
        var query = new EvidenceQuery(question, _options.MaxEvidence) { Conversation = messages };
        var (found, fault) = await FaultBarrier.RunAsync(
            GuardStage.Grounding,
            _sourceName,
            async token => await _source.FindAsync(query, token) is { } list ? EvidenceSelection.Select(list, existing, _options) : null!,
            _options.Timeout,
            _options.TimeProvider,
            cancellationToken);
        var retrieval = _options.TimeProvider.GetElapsedTime(started);
        if (fault is not null)
        {
            GuardTelemetry.RecordFault(activity, fault);
            _logger.LogFailed(_sourceName, fault.ErrorType);
        }
        else
        {
            GuardTelemetry.RecordEvidence(activity, found!.Count);
            _logger.LogFound(_sourceName, found.Count, retrieval.TotalMilliseconds);
        }

        options = options?.Clone() ?? new ChatOptions();
        options.SetGroundingOutcome((fault, found) switch
        {
            ({ }, _) => GroundingOutcome.Failed,
            (_, { Count: > 0 }) => GroundingOutcome.Found,
            _ => GroundingOutcome.Empty,
        });
        var grounded = found is { Count: > 0 } ? GroundedRequest.AddEvidence(messages, found, _options.Instruction) : messages;
        return new GroundedRequest(grounded, options) { Fault = fault, Retrieval = retrieval };
    }

    /// <summary>The report of a response that no inner part of the guard judged.</summary>
    private GuardReport Unguarded(long generationStarted) =>
        new() { Timings = new GuardTimings { Generation = _options.TimeProvider.GetElapsedTime(generationStarted) } };

    /// <summary>Adds to a report what the grounding knows.</summary>
    private GuardReport Complete(GuardReport inner, GroundedRequest request, long started) => inner with
    {
        Evidence = inner.Evidence.Count > 0 ? inner.Evidence : request.Evidence,
        Faults = request.Fault is null ? inner.Faults : [request.Fault, .. inner.Faults],
        Timings = inner.Timings with
        {
            Retrieval = inner.Timings.Retrieval + request.Retrieval,
            Total = _options.TimeProvider.GetElapsedTime(started),
        },
    };

    /// <summary>The citations that the model wrote itself; invented ones are reported.</summary>
    private List<Citation> FindMarkers(string text, GroundedRequest request, ref GuardReport report)
    {
        var citations = CitationFinder.FromMarkers(text, report, request.Evidence, out var invented);
        if (invented.Count > 0)
        {
            _logger.LogInventedCitations(invented.Count);
            var fault = new GuardFault(
                GuardStage.Generation,
                "citation",
                "invented_citation",
                $"The answer cites [{string.Join("], [", invented)}], but there are {request.Evidence.Count} passages.");
            report = report with { Faults = [.. report.Faults, fault] };
        }

        return citations;
    }

    private ChatResponseUpdate CreateFinalUpdate(CitationWriter writer, GuardReport report, GroundedRequest request, ChatResponseUpdate? last)
    {
        var markers = FindMarkers(writer.Text, request, ref report);
        var final = GuardReportExtensions.CreateReportUpdate(report, last);
        if (writer.WriteLate([.. CitationFinder.FromVerdicts(report), .. markers]) is { } late)
        {
            final.Contents.Add(late);
        }

        return final;
    }

    /// <summary>A copy of an update with another report; the update belongs to the inner client.</summary>
    private static ChatResponseUpdate WithReport(ChatResponseUpdate update, GuardReport report)
    {
        var copy = update.Clone();
        copy.AdditionalProperties = update.AdditionalProperties is { } properties ? new(properties) : null;
        copy.SetGuardReport(report);
        return copy;
    }
}
