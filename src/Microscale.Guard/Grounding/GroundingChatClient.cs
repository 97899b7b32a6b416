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
    private readonly string _instruction;
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
        _instruction = _options.Instruction.Length > 0 ? _options.Instruction + "\n\n" : "";
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
            return await base.GetResponseAsync(list, Resolve(list, options), cancellationToken);
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

        var contents = TextsOf(response);
        var cleaner = new CitationCleaner(request.Evidence);
        foreach (var content in contents)
        {
            cleaner.Clean(content);
        }

        contents[^1].Text += cleaner.Complete();
        var report = cleaner.Map(Complete(response.GetGuardReport() ?? Unguarded(generation), request, started));
        Annotate(contents, [.. CitationFinder.FromVerdicts(report), .. CitationFinder.FromMarkers(response.Text, report, request.Evidence)]);
        report = ReportInvented(report, cleaner, request);
        response.SetGuardReport(report);
        request.RecordTime(report, reading: TimeSpan.Zero);
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
            await foreach (var update in base.GetStreamingResponseAsync(list, Resolve(list, options), cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        using var activity = GuardTelemetry.StartGuard(streaming: true);
        var started = _options.TimeProvider.GetTimestamp();
        var request = await GroundAsync(list, question, options, cancellationToken);
        var generation = _options.TimeProvider.GetTimestamp();
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
                request.RecordFirstRelease(_options.TimeProvider.GetElapsedTime(started) - reading);
            }

            var handed = _options.TimeProvider.GetTimestamp();
            yield return passed;
            reading += _options.TimeProvider.GetElapsedTime(handed);
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

    private async Task<GroundedRequest> GroundAsync(
        IReadOnlyList<ChatMessage> messages, string question, ChatOptions? options, CancellationToken cancellationToken)
    {
        if (GroundedRequest.IsGrounded(messages))
        {
            return new GroundedRequest(messages, Resolve(messages, options));
        }

        using var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Retrieval);
        var started = _options.TimeProvider.GetTimestamp();
        var existing = messages.GetEvidence();
        var blanks = 0;
        var (found, fault) = await FaultBarrier.RunAsync(
            GuardStage.Grounding,
            _sourceName,
            async token =>
            {
                var text = await _options.WriteQuery(messages, token);
                var query = new EvidenceQuery(string.IsNullOrWhiteSpace(text) ? question : text, _options.MaxEvidence) { Conversation = messages };
                if (await _source.FindAsync(query, token) is not { } list)
                {
                    return null!;
                }

                return EvidenceSelection.Select(list, existing, _options, out blanks);
            },
            _options.Timeout,
            _options.TimeProvider,
            cancellationToken);
        var retrieval = _options.TimeProvider.GetElapsedTime(started);
        var outcome = (fault, found) switch
        {
            ({ }, _) => GroundingOutcome.Failed,
            (_, { Count: > 0 }) => GroundingOutcome.Found,
            _ => GroundingOutcome.Empty,
        };
        GuardTelemetry.RecordRetrieval(activity, _sourceName, outcome, found?.Count ?? 0);
        var flaw = fault ?? (blanks == 0 ? null : new GuardFault(
            GuardStage.Grounding, _sourceName, "invalid", $"It gave {blanks} passages without text, which were left out."));
        if (flaw is not null)
        {
            GuardTelemetry.RecordFault(activity, flaw);
        }

        if (fault is not null)
        {
            _logger.LogFailed(_sourceName, fault.ErrorType);
        }
        else
        {
            _logger.LogFound(_sourceName, found!.Count, retrieval.TotalMilliseconds);
        }

        var grounded = messages;
        if (outcome == GroundingOutcome.Found)
        {
            grounded = GroundedRequest.AddEvidence(messages, found!, _instruction);
        }
        else
        {
            options = options?.Clone() ?? new ChatOptions();
            options.SetGroundingOutcome(outcome);
        }

        return new GroundedRequest(grounded, Resolve(grounded, options))
        {
            Evidence = existing.Count == 0 && found is not null ? found : grounded.GetEvidence(),
            Fault = flaw,
            Retrieval = retrieval,
            IsSearched = true,
        };
    }

    /// <summary>Puts what the evidence offers into the schema of the request.</summary>
    private ChatOptions? Resolve(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        try
        {
            return options.ResolveEvidenceChoices(messages);
        }
        catch (EvidenceChoiceException) when (InnerClient.GetService<AbstentionChatClient>() is not null)
        {
            options = options!.Clone();
            options.SetGroundingOutcome(GroundingOutcome.NoChoice);
            return options;
        }
    }

    private static List<TextContent> TextsOf(ChatResponse response)
    {
        var texts = new List<TextContent>();
        for (var m = 0; m < response.Messages.Count; m++)
        {
            var contents = response.Messages[m].Contents;
            for (var c = 0; c < contents.Count; c++)
            {
                if (contents[c] is TextContent text)
                {
                    texts.Add(text);
                }
            }
        }

        return texts;
    }

    private static void Annotate(List<TextContent> contents, Citation[] citations)
    {
        if (citations.Length > 0)
        {
            var writer = new CitationWriter();
            contents.ForEach(content => writer.Write(content, citations));
        }
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
