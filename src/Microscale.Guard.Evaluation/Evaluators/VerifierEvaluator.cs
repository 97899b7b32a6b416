using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>Claim verifiers as an evaluator of Microsoft.Extensions.AI.Evaluation: the share of a response's claims that are
/// supported.</summary>
/// <remarks>
/// <para>The response is verified as in a <see cref="VerificationChatClient"/>, by the evidence in the conversation (marked texts and tool
/// results) and that of an <see cref="EvidenceContext"/>. The metric has passed when every claim is supported; each other claim is a
/// warning with its verdict and the reason, each verifier that failed an error. Without a claim it is inconclusive, and has not
/// failed.</para>
/// <para>Needs no chat configuration: verifiers bring their models. Safe for concurrent callers.</para>
/// </remarks>
public sealed class VerifierEvaluator : IEvaluator
{
    /// <summary>The name of the metric: a <see cref="NumericMetric"/> from 0 to 1.</summary>
    public const string SupportedClaimsMetricName = "Supported Claims";

    private readonly IClaimVerifier[] _verifiers;
    private readonly VerificationOptions? _options;

    /// <summary>Creates the evaluator.</summary>
    /// <param name="verifiers">The verifiers; at least one. They are not disposed.</param>
    /// <param name="options">Settings of the verification; null for the defaults.</param>
    public VerifierEvaluator(IEnumerable<IClaimVerifier> verifiers, VerificationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(verifiers);
        _verifiers = [.. verifiers];
        _options = options;
        if (_verifiers.Length == 0)
        {
            throw new ArgumentException("There is no verifier: pass at least one.", nameof(verifiers));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EvaluationMetricNames => [SupportedClaimsMetricName];

    /// <inheritdoc/>
    public async ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(modelResponse);
        EvaluationContext[] contexts = [.. (additionalContext ?? []).OfType<EvidenceContext>()];
        using var model = new RecordedChatClient(modelResponse);
        using var client = new VerificationChatClient(model, _verifiers, _options);
        var response = await client.GetResponseAsync(WithEvidence(messages, contexts.Cast<EvidenceContext>()), cancellationToken: cancellationToken);
        var report = response.GetGuardReport();
        var metric = VerdictMetrics.Supported(
            SupportedClaimsMetricName, report?.Verdicts, report?.Faults.Where(f => f.Stage == GuardStage.Verification) ?? []);
        metric.AddOrUpdateContext(contexts);
        return new EvaluationResult(metric);
    }

    private static List<ChatMessage> WithEvidence(IEnumerable<ChatMessage> messages, IEnumerable<EvidenceContext> contexts)
    {
        AIContent[] evidence = [.. contexts.SelectMany(c => c.Evidence).Select(e => new TextContent(e.Text).Mark(e))];
        return evidence.Length > 0 ? [new ChatMessage(ChatRole.User, evidence), .. messages] : [.. messages];
    }
}
