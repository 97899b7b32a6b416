using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microscale.Guard;

/// <summary>Verifies the claims of each answer by the evidence in the conversation, and reports a verdict for each.</summary>
/// <remarks>
/// <para>Evidence is content that is marked as such, and tool results, in the request and in the response
/// (<see cref="EvidenceContentExtensions.GetEvidence(IEnumerable{ChatMessage})"/>). The answer itself is not changed: a
/// policy outside decides by the report (<see cref="GuardReport.Verdicts"/>).</para>
/// <para>Cheap verifiers run before dear ones (<see cref="IClaimVerifier.Cost"/>), those of equal cost in the order given; a
/// claim that is contradicted or proven is not asked about again. What verifiers spend is in the usage of the response.</para>
/// <para>An answer in JSON (<see cref="ChatOptions.ResponseFormat"/>) is judged value by value when it is complete.</para>
/// <para>A claim is Contradicted when any verifier says so; else Supported when one proves it
/// (<see cref="VerifierFinding.IsProof"/>); else Unverifiable when any verifier failed (it threw, hung, or
/// gave an answer that cannot be) or says so; else Supported when at least one says so; else, when none has an opinion,
/// Unverifiable.</para>
/// <para>In a stream the updates of the model pass at once, each sentence is verified while the next is generated, and a
/// report of the verdicts so far follows each; <see cref="GuardReport.VerifiedLength"/> says how far they reach.</para>
/// <para>Safe for concurrent callers.</para>
/// </remarks>
public sealed class VerificationChatClient : DelegatingChatClient
{
    private readonly (string Name, IClaimVerifier Verifier)[] _verifiers;
    private readonly VerificationOptions _options;
    private readonly ILogger _logger;
    private readonly bool _isInnermost;

    /// <summary>Creates the client.</summary>
    /// <param name="innerClient">The model, or the next box of the chain.</param>
    /// <param name="verifiers">What judges the claims; at least one.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="loggerFactory">Takes log messages, which hold no content; null for none.</param>
    /// <exception cref="ArgumentException">There is no verifier, one is null or nameless, or an option is out of range.</exception>
    public VerificationChatClient(
        IChatClient innerClient,
        IReadOnlyList<IClaimVerifier> verifiers,
        VerificationOptions? options = null,
        ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(verifiers);
        if (verifiers.Count == 0)
        {
            throw new ArgumentException("There is no verifier: pass at least one, such as an EntailmentVerifier.", nameof(verifiers));
        }

        _verifiers = [.. verifiers.Select(v => string.IsNullOrWhiteSpace(v?.Name)
            ? throw new ArgumentException("A verifier is null or has no name: every verifier needs a name for the report.", nameof(verifiers))
            : (v.Name, Verifier: v)).OrderBy(v => v.Verifier.Cost)];
        _options = (options ?? new VerificationOptions()).Validated();
        _logger = (ILogger?)loggerFactory?.CreateLogger<VerificationChatClient>() ?? NullLogger.Instance;
        _isInnermost = innerClient.GetService(typeof(IConfidenceScorer)) is null;
    }

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        RespondAsync(messages, options, cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = Conversation.Materialize(messages);
        if (GuardOverrides.Read(options) is { Verify: false })
        {
            await foreach (var update in base.GetStreamingResponseAsync(conversation, options, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        using var activity = GuardTelemetry.StartGuard(streaming: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = stop.Token;
        var question = Conversation.Question(conversation);
        var stream = new VerificationStream(
            Verification(question, conversation), _options, conversation.GetEvidence(), question, IsStructured(options), _isInnermost, options);
        var running = Task.Run(() => stream.RunAsync(base.GetStreamingResponseAsync(conversation, options, token), token), CancellationToken.None);
        try
        {
            await foreach (var update in stream.Output.ReadAllAsync(cancellationToken))
            {
                yield return update;
                GuardTelemetry.Restore(activity);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Verifies a response, whoever wrote it, and writes the verdicts into its report.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask JudgeAsync(
        IReadOnlyList<ChatMessage> conversation, ChatOptions? options, ChatResponse response, TimeSpan generation, CancellationToken cancellationToken)
    {
        var answer = response.Text;
        var question = Conversation.Question(conversation);
        var evidence = EvidenceContentExtensions.GetEvidence(conversation, response.Messages);
        var claims = IsStructured(options)
            ? StructuredClaims.Split(answer, question, _options.MaxSentenceLength)
            : ClaimSplitter.Split(answer, question, _options.MaxSentenceLength);
        var result = await Verification(question, conversation).VerifyAsync(claims, answer, evidence, response.ResponseId, cancellationToken);
        response.Usage = UsageSum.Of(response.Usage, result.Usage);
        response.SetGuardReport(Merge(response.GetGuardReport() ?? GuardReport.Empty, result, answer.Length, evidence, generation));
    }

    /// <summary>The inner report with the part of verification.</summary>
    internal static GuardReport Merge(
        GuardReport inner, VerificationResult result, int verifiedLength, IReadOnlyList<Evidence> evidence, TimeSpan generation) => inner with
        {
            Verdicts = result.Verdicts,
            VerifiedLength = verifiedLength,
            Evidence = evidence,
            Faults = result.Faults.Count == 0 ? inner.Faults : [.. inner.Faults, .. result.Faults],
            SampleUsage = UsageSum.Of(inner.SampleUsage, result.Usage),
            Timings = inner.Timings with
            {
                Verification = inner.Timings.Verification + result.Duration,

                // A box inside measures the model more closely.
                Generation = inner.Timings.Generation > TimeSpan.Zero ? inner.Timings.Generation : generation,
            },
        };

    private static bool IsStructured(ChatOptions? options) => options?.ResponseFormat is ChatResponseFormatJson;

    /// <summary>Answers, and keeps its state machine for the next request: see <see cref="EvidenceSearch.GroundAsync"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> RespondAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var conversation = Conversation.Materialize(messages);
        using var activity = GuardTelemetry.StartGuard(streaming: false);
        var begun = _options.TimeProvider.GetTimestamp();
        var response = _isInnermost
            ? await GenerateAsync(conversation, options, cancellationToken)
            : await base.GetResponseAsync(conversation, options, cancellationToken);
        var generation = _options.TimeProvider.GetElapsedTime(begun);
        if (!Conversation.IsAnswer(response) || GuardOverrides.Read(options) is { Verify: false })
        {
            return response;
        }

        await JudgeAsync(conversation, options, response, generation, cancellationToken);
        return response;
    }

    /// <summary>Asks the model, and traces it: no box inside does.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatResponse> GenerateAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
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
    }

    private AnswerVerification Verification(string question, IReadOnlyList<ChatMessage> conversation) =>
        new(_verifiers, _options, _logger, question, conversation.ToArray());
}
