using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation;

/// <summary>Measures verifiers on claims with a passage: whether they call the supported ones supported.</summary>
/// <remarks>
/// <para>The claim is verified as an answer would be, in a <see cref="VerificationChatClient"/> with the passage as evidence. It counts
/// as supported when every statement in it does, and when it makes at least one. Its score is the least support of its statements:
/// <see cref="VerifierFinding.Support"/> of the verifier that has one; without one 1 and 0 by the verdict.</para>
/// </remarks>
public sealed class GroundednessPipeline : IEvaluationPipeline<GroundednessRow>, IDisposable
{
    private static readonly QuotingChatClient s_model = new();
    private readonly VerificationChatClient _client;
    private readonly string _scorer;

    /// <summary>Creates the pipeline.</summary>
    /// <param name="name">Its name in results.</param>
    /// <param name="verifiers">The verifiers; they are not disposed.</param>
    /// <param name="options">Settings of the verification; null for the defaults.</param>
    /// <param name="fingerprint">What it is made of; null for the names of the verifiers.</param>
    public GroundednessPipeline(
        string name, IReadOnlyList<IClaimVerifier> verifiers, VerificationOptions? options = null, string? fingerprint = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(verifiers);
        Name = name;
        Fingerprint = fingerprint ?? string.Join('+', verifiers.Select(v => v.Name));
        _scorer = EntailmentVerifierOptions.SupportPrefix + string.Join('+', verifiers.Select(v => v.Fingerprint));
        _client = new VerificationChatClient(s_model, verifiers, options);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public async ValueTask<EvaluationItem> EvaluateAsync(GroundednessRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        ChatMessage[] messages = [QuotingChatClient.Quote(row.Claim), new(ChatRole.User, [new TextContent(row.Premise).AsEvidence()])];
        var response = await _client.GetResponseAsync(messages, options: null, cancellationToken);
        var verdicts = response.GetGuardReport()?.Verdicts ?? [];
        var isSupported = verdicts.Count > 0 && verdicts.All(v => v.Verdict == Verdict.Supported);
        var doubtful = verdicts.FirstOrDefault(v => v.Verdict != Verdict.Supported);
        return new EvaluationItem
        {
            Pipeline = Name,
            Row = 0,
            Id = row.Id,
            Group = row.Premise.Length > 0 ? TextHash.Of(row.Premise) : null,
            Score = verdicts.Count == 0 ? 0 : verdicts.Min(Support),
            IsTrue = row.IsSupported,
            IsAccepted = isSupported,
            IsRight = isSupported == row.IsSupported,
            Question = row.Claim,
            Expected = row.IsSupported ? "supported" : "not supported",
            Scorer = _scorer,
            Reason = isSupported ? null : verdicts.Count == 0 ? "no statement" : $"{doubtful!.Verdict}: {doubtful.Decisive?.Explanation ?? doubtful.Claim.Text}",
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>How well the evidence supports a statement, whatever the verdict.</summary>
    private static double Support(ClaimVerdict verdict) =>
        verdict.Findings.Where(f => f.Support is not null).Select(f => f.Support).Min() ?? (verdict.Verdict == Verdict.Supported ? 1 : 0);

    /// <summary>A model that says what the first message tells it to.</summary>
    private sealed class QuotingChatClient : IChatClient
    {
        public static ChatMessage Quote(string text) => new(ChatRole.System, text);

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, messages.First().Text)));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("An evaluation is never streamed.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
