using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microscale.Guard;

/// <summary>Scores how sure each answer of the inner client is, and tells it in the response's <see cref="GuardReport"/>.</summary>
/// <remarks>
/// <para>Nothing is withheld or changed. A scorer that fails, hangs or gives a value outside 0..1 leaves an unavailable
/// <see cref="GuardReport.Confidence"/> and a <see cref="GuardFault"/>; the answer is delivered. Turns that are no answer
/// (tool calls, a background response that still runs) are not scored.</para>
/// <para>In a stream, a scorer that needs no samples and no further calls is asked after each sentence for the answer so far;
/// any other is asked at the end, while its samples are drawn from the first text on.</para>
/// <para>Samples are further calls of the inner client with the same messages, each with a seed of its own (derived from the
/// caller's, so that a seeded request is repeatable) and without leave to call tools. They are not drawn where the server keeps
/// the conversation (<see cref="ChatOptions.ConversationId"/>), as they would become part of it: the score is then
/// not available. Their tokens, and those of a scorer's other calls, are added to the response's usage.</para>
/// <para>Safe for concurrent use where the inner client and the scorer are. <see cref="DelegatingChatClient.GetService"/> answers
/// for <see cref="IConfidenceScorer"/>.</para>
/// </remarks>
public sealed class ConfidenceChatClient : DelegatingChatClient
{
    private readonly IConfidenceScorer _scorer;
    private readonly ScorerNeeds _needs;
    private readonly bool _scoresAtEnd;
    private readonly ConfidenceOptions _settings;
    private readonly ILogger _logger;

    /// <summary>Wraps a client.</summary>
    /// <param name="innerClient">The model, or the rest of the pipeline; disposed with this client.</param>
    /// <param name="scorer">Says how sure an answer is, such as <see cref="Confidence.TokenProbability"/>.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere. No content is logged.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public ConfidenceChatClient(
        IChatClient innerClient, IConfidenceScorer scorer, ConfidenceOptions? options = null, ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        _scorer = scorer;
        _needs = scorer.Needs;
        _scoresAtEnd = (_needs & (ScorerNeeds.Samples | ScorerNeeds.ModelCalls)) != 0;
        _settings = (options ?? new()).ValidatedFor(scorer);
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ConfidenceChatClient>();
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(IConfidenceScorer) ? _scorer : base.GetService(serviceType, serviceKey);

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        RespondAsync(messages, options, cancellationToken).AsTask();

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2025", Justification = "The finally block waits for the task before anything is disposed.")]
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = Materialize(messages, options);
        if (GuardOverrides.Read(options) is { Score: false })
        {
            await foreach (var update in base.GetStreamingResponseAsync(conversation, options, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        options = Prepare(options);
        using var guard = GuardTelemetry.StartGuard(streaming: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var turn = new ConfidenceTurn(_scorer, _settings, _logger, InnerClient, conversation, options, stop.Token);
        var parent = Activity.Current;
        using var generation = GuardTelemetry.StartGeneration(options);
        var current = Activity.Current;

        var answer = new StreamedAnswer();
        var updates = base.GetStreamingResponseAsync(conversation, options, stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool>? next = null;
        Task? scoring = null;
        var asked = 0;
        try
        {
            while (true)
            {
                next ??= NextAsync(updates, turn, generation, stop.Token);
                if (scoring is not null)
                {
                    await Task.WhenAny(next, scoring);
                    if (scoring.IsCompleted)
                    {
                        await scoring;
                        scoring = null;
                        yield return GuardReportExtensions.CreateReportUpdate(turn.AddTo(answer.InnerReport), answer.Last);
                        Activity.Current = current;
                    }

                    if (!next.IsCompleted)
                    {
                        continue;
                    }
                }

                var more = await next;
                next = null;
                if (!more)
                {
                    break;
                }

                var update = updates.Current;
                answer.Add(update);
                if (answer.InnerReport is { } inner && update.GetGuardReport() is not null)
                {
                    update.SetGuardReport(turn.AddTo(inner));
                }

                if (_scoresAtEnd)
                {
                    if (answer.HasText)
                    {
                        turn.StartSampling();
                    }
                }
                else if (scoring is null && !turn.HasFailed && answer.SentenceEnd > asked)
                {
                    asked = answer.SentenceEnd;
                    scoring = turn.ScoreBeginningAsync(answer.Sentences, answer.Tokens());
                }

                yield return update;
                Activity.Current = current;
            }

            GuardTelemetry.RecordGeneration(generation, answer.ResponseId, answer.Last?.ModelId);
            generation?.Dispose();
            Activity.Current = parent;
            if (scoring is not null)
            {
                await scoring;
                yield return GuardReportExtensions.CreateReportUpdate(turn.AddTo(answer.InnerReport), answer.Last);
                Activity.Current = parent;
            }

            if (answer.IsAnswer)
            {
                await turn.ScoreAsync(answer.Text, answer.Tokens(), answer.ResponseId);
            }

            if (turn.SampleUsage is { } usage)
            {
                yield return CreateUsageUpdate(usage, answer.Last);
                Activity.Current = parent;
            }

            if (answer.IsAnswer)
            {
                yield return GuardReportExtensions.CreateReportUpdate(turn.AddTo(answer.InnerReport), answer.Last);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await SettleAsync(next);
            await SettleAsync(scoring);
            turn.EndEarly(answer.ResponseId);
            if (generation is { IsStopped: false })
            {
                GuardTelemetry.RecordGeneration(generation, answer.ResponseId, answer.Last?.ModelId);
                GuardTelemetry.RecordStop(generation);
            }

            await updates.DisposeAsync();
        }
    }

    /// <summary>Answers, and keeps its state machine for the next request: see <see cref="EvidenceSearch.GroundAsync"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> RespondAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var conversation = Materialize(messages, options);
        options = Prepare(options);
        using var guard = GuardTelemetry.StartGuard(streaming: false);
        using var turn = new ConfidenceTurn(_scorer, _settings, _logger, InnerClient, conversation, options, cancellationToken);

        var response = await GenerateAsync(conversation, options, turn, cancellationToken);
        if (!Conversation.IsAnswer(response) || GuardOverrides.Read(options) is { Score: false })
        {
            return response;
        }

        await turn.ScoreAsync(response.Text, response.GetLogProbabilities(), response.ResponseId);
        response.Usage = UsageSum.Of(response.Usage, turn.SampleUsage);
        response.SetGuardReport(turn.AddTo(response.GetGuardReport()));
        return response;
    }

    private static IReadOnlyList<ChatMessage> Materialize(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        options?.ContinuationToken is null ? Conversation.Materialize(messages) : [.. messages];

    internal static ChatResponseUpdate CreateUsageUpdate(UsageDetails usage, ChatResponseUpdate? like) =>
        new(ChatRole.Assistant, [new UsageContent(usage)])
        {
            ResponseId = like?.ResponseId,
            MessageId = like?.MessageId,
            ConversationId = like?.ConversationId,
            ModelId = like?.ModelId,
            CreatedAt = like?.CreatedAt,
        };

    private static async Task<bool> NextAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, ConfidenceTurn turn, Activity? activity, CancellationToken cancellationToken)
    {
        var before = turn.Elapsed;
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception exception)
        {
            GuardTelemetry.RecordFailure(activity, exception, cancellationToken);
            throw;
        }
        finally
        {
            turn.Generation += turn.Elapsed - before;
        }
    }

    /// <summary>Waits for work that was cancelled, whatever comes of it.</summary>
    private static async Task SettleAsync(Task? task)
    {
        if (task is not null)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> GenerateAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, ConfidenceTurn turn, CancellationToken cancellationToken)
    {
        using var generation = GuardTelemetry.StartGeneration(options);
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            GuardTelemetry.RecordGeneration(generation, response.ResponseId, response.ModelId);
            return response;
        }
        catch (Exception exception)
        {
            GuardTelemetry.RecordFailure(generation, exception, cancellationToken);
            throw;
        }
        finally
        {
            turn.Generation = turn.Elapsed;
        }
    }

    private ChatOptions? Prepare(ChatOptions? options)
    {
        if (!_needs.HasFlag(ScorerNeeds.LogProbabilities) || options.GetRequestedLogProbabilities() >= _settings.TopAlternatives)
        {
            return options;
        }

        options = options?.Clone() ?? new();
        options.RequestLogProbabilities(_settings.TopAlternatives);
        return options;
    }
}
