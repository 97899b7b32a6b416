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
    private readonly EvidenceSearch _search;
    private readonly TimeProvider _time;
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
        options = (options ?? new GroundingOptions()).CloneValidated();
        _time = options.TimeProvider;
        _logger = (ILogger?)loggerFactory?.CreateLogger<GroundingChatClient>() ?? NullLogger.Instance;
        _search = new(source, options, innerClient, _logger);
    }

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        RespondAsync(messages, options, cancellationToken).AsTask();

    /// <inheritdoc/>
    [SuppressMessage("Maintainability", "CA1508", Justification = "The rule does not see assignments in an await foreach.")]
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var list = Conversation.Materialize(messages);
        var question = Conversation.Question(list);
        if (string.IsNullOrWhiteSpace(question) || GuardOverrides.Read(options) is { Ground: false })
        {
            await foreach (var update in base.GetStreamingResponseAsync(list, _search.ResolveChoices(list, options), cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        using var activity = GuardTelemetry.StartGuard(streaming: true);
        var started = _time.GetTimestamp();
        var request = await _search.GroundAsync(list, question, options, cancellationToken);
        var generation = _time.GetTimestamp();
        var cleaner = new CitationCleaner(request.Evidence);
        var writer = new CitationWriter();
        GuardReport? inner = null;
        GuardReport? report = null;
        ChatResponseUpdate? last = null;
        var isJudged = InnerClient.GetService<AbstentionChatClient>() is not null;
        var (isReleased, reading) = (false, TimeSpan.Zero);
        await foreach (var update in base.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken))
        {
            last = update;
            var passed = update;
            foreach (var content in update.Contents.OfType<TextContent>())
            {
                cleaner.Clean(content);
            }

            if (update.GetGuardReport() is { } judged)
            {
                inner = judged;
                report = cleaner.Map(Complete(inner, request, started));
                passed = WithReport(update, report);
            }

            foreach (var content in update.Contents.OfType<TextContent>())
            {
                writer.Write(content, report is null ? [] : CitationFinder.FromVerdicts(report));
            }

            if (!isReleased && update.Text.Length > 0 && isJudged && inner?.Decision is not GuardDecision.Abstained)
            {
                isReleased = true;
                request.RecordFirstRelease(_time.GetElapsedTime(started) - reading);
            }

            var handed = _time.GetTimestamp();
            yield return passed;
            reading += _time.GetElapsedTime(handed);
            GuardTelemetry.Restore(activity);
        }

        if (last?.ContinuationToken is not null)
        {
            // Not the end of the answer, so nothing to report yet; but what came must not be lost.
            if (cleaner.HoldsText)
            {
                yield return new ChatResponseUpdate(last.Role, cleaner.Complete()) { ResponseId = last.ResponseId, MessageId = last.MessageId };
            }
        }
        else if (cleaner.HoldsText || !string.IsNullOrWhiteSpace(writer.Text))
        {
            var complete = Complete(inner ?? Unguarded(generation), request, started);
            request.RecordTime(complete, reading);
            yield return CreateFinalUpdate(writer, cleaner, complete, request, last);
        }
    }

    /// <summary>Answers, and keeps its state machine for the next request: see <see cref="EvidenceSearch.GroundAsync"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> RespondAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var list = Conversation.Materialize(messages);
        var question = Conversation.Question(list);
        if (string.IsNullOrWhiteSpace(question) || GuardOverrides.Read(options) is { Ground: false })
        {
            return await base.GetResponseAsync(list, _search.ResolveChoices(list, options), cancellationToken);
        }

        using var activity = GuardTelemetry.StartGuard(streaming: false);
        var started = _time.GetTimestamp();
        var request = await _search.GroundAsync(list, question, options, cancellationToken);
        var generation = _time.GetTimestamp();
        var response = await base.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        if (!Conversation.IsAnswer(response))
        {
            return response;
        }

        var cleaner = new CitationCleaner(request.Evidence);
        Clean(response, cleaner);
        var report = cleaner.Map(Complete(response.GetGuardReport() ?? Unguarded(generation), request, started));
        Annotate(response, CitationFinder.FromVerdicts(report), CitationFinder.FromMarkers(response.Text, report, request.Evidence));
        report = ReportInvented(report, cleaner, request);
        response.SetGuardReport(report);
        request.RecordTime(report, reading: TimeSpan.Zero);
        return response;
    }

    private static void Clean(ChatResponse response, CitationCleaner cleaner)
    {
        TextContent? last = null;
        for (var m = 0; m < response.Messages.Count; m++)
        {
            var contents = response.Messages[m].Contents;
            for (var c = 0; c < contents.Count; c++)
            {
                if (contents[c] is TextContent text)
                {
                    cleaner.Clean(text);
                    last = text;
                }
            }
        }

        last?.Text += cleaner.Complete();
    }

    private static void Annotate(ChatResponse response, IReadOnlyList<Citation> verified, IReadOnlyList<Citation> marked)
    {
        if (verified.Count + marked.Count == 0)
        {
            return;
        }

        Citation[] citations = [.. verified, .. marked];
        var writer = new CitationWriter();
        foreach (var content in response.Messages.SelectMany(m => m.Contents).OfType<TextContent>())
        {
            writer.Write(content, citations);
        }
    }

    /// <summary>The report of a response that no inner part of the guard judged.</summary>
    private GuardReport Unguarded(long generationStarted) =>
        new() { Timings = new GuardTimings { Generation = _time.GetElapsedTime(generationStarted) } };

    /// <summary>Adds to a report what the grounding knows.</summary>
    private GuardReport Complete(GuardReport inner, GroundedRequest request, long started) => inner with
    {
        Evidence = inner.Evidence.Count > 0 ? inner.Evidence : request.Evidence,
        Faults = request.Fault is null ? inner.Faults : [request.Fault, .. inner.Faults],
        Timings = inner.Timings with
        {
            Retrieval = inner.Timings.Retrieval + request.Retrieval,
            Total = _time.GetElapsedTime(started),
        },
    };

    /// <summary>Adds to a report which citations were taken out of the answer.</summary>
    private GuardReport ReportInvented(GuardReport report, CitationCleaner cleaner, GroundedRequest request)
    {
        if (cleaner.Invented.Count == 0)
        {
            return report;
        }

        _logger.LogInventedCitations(cleaner.Invented.Count);
        var fault = new GuardFault(
            GuardStage.Generation,
            "citation",
            "invented_citation",
            $"The answer cited [{string.Join("], [", cleaner.Invented)}], but there are {request.Evidence.Count} passages: these citations were taken out.");
        return report with { Faults = [.. report.Faults, fault] };
    }

    private ChatResponseUpdate CreateFinalUpdate(
        CitationWriter writer, CitationCleaner cleaner, GuardReport report, GroundedRequest request, ChatResponseUpdate? last)
    {
        var rest = cleaner.Complete() is { Length: > 0 } held ? new TextContent(held) : null;
        report = cleaner.Map(report);
        Citation[] verified = [.. CitationFinder.FromVerdicts(report)];
        if (rest is not null)
        {
            writer.Write(rest, verified);
        }

        var late = writer.WriteLate([.. verified, .. CitationFinder.FromMarkers(writer.Text, report, request.Evidence)]);
        var final = GuardReportExtensions.CreateReportUpdate(ReportInvented(report, cleaner, request), last);
        foreach (var content in (ReadOnlySpan<TextContent?>)[rest, late])
        {
            if (content is not null)
            {
                final.Contents.Add(content);
            }
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
