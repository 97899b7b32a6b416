using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>Judges claims with an evaluator of Microsoft.Extensions.AI.Evaluation.</summary>
/// <remarks>
/// Each claim is evaluated as a response of its own to the conversation. It is Supported when every metric passed: its
/// interpretation has not failed, or it is true; else Unverifiable, with the reason of the first that did not. A metric that reports
/// an error, or does not say whether it passed, is a failure. Tokens that the evaluator spends through the chat configuration are
/// in the usage of the response. Safe for concurrent callers if the evaluator is.
/// </remarks>
public sealed class EvaluatorVerifier : IClaimVerifier
{
    private readonly IEvaluator _evaluator;
    private readonly ChatConfiguration? _chat;
    private readonly Func<VerificationContext, IEnumerable<EvaluationContext>>? _createContext;

    /// <summary>Creates the verifier.</summary>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="chat">The model that it asks; null when it needs none.</param>
    /// <param name="createContext">Makes of the evidence the additional context that the evaluator wants (such as a
    /// GroundednessEvaluatorContext); null for none.</param>
    /// <param name="name">Its name in reports and telemetry: lower case, of low cardinality.</param>
    public EvaluatorVerifier(
        IEvaluator evaluator,
        ChatConfiguration? chat = null,
        Func<VerificationContext, IEnumerable<EvaluationContext>>? createContext = null,
        string name = "evaluator")
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _evaluator = evaluator;
        _chat = chat;
        _createContext = createContext;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.Remote;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var counter = _chat is null ? null : new UsageCounter(_chat.ChatClient, context);
        var chat = counter is null ? null : new ChatConfiguration(counter);
        var additional = _createContext?.Invoke(context).ToList();
        var findings = new List<VerifierFinding?>(context.Claims.Count);
        foreach (var claim in context.Claims)
        {
            var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, claim.Text));
            findings.Add(Judge(await _evaluator.EvaluateAsync(context.Messages, response, chat, additional, cancellationToken)));
        }

        return findings;
    }

    private VerifierFinding Judge(EvaluationResult result)
    {
        if (result.Metrics.Count == 0)
        {
            throw new InvalidOperationException("The evaluator gave no metric.");
        }

        foreach (var metric in result.Metrics.Values)
        {
            if (!HasPassed(metric))
            {
                return new VerifierFinding(Name, Verdict.Unverifiable) { Explanation = metric.Reason ?? metric.Interpretation?.Reason ?? $"{metric.Name} did not pass." };
            }
        }

        return new VerifierFinding(Name, Verdict.Supported);
    }

    private static bool HasPassed(EvaluationMetric metric)
    {
        if (metric.Diagnostics?.FirstOrDefault(d => d.Severity == EvaluationDiagnosticSeverity.Error) is { } error)
        {
            throw new InvalidOperationException($"The metric {metric.Name} has an error: {error.Message}");
        }

        return metric switch
        {
            { Interpretation: { } interpretation } => !interpretation.Failed,
            BooleanMetric { Value: { } value } => value,
            _ => throw new InvalidOperationException($"The metric {metric.Name} does not say whether it passed: it has no interpretation."),
        };
    }

    /// <summary>Counts what the evaluator spends. Leaves the client that it wraps alone when it is disposed.</summary>
    private sealed class UsageCounter(IChatClient client, VerificationContext context) : DelegatingChatClient(client)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            context.AddUsage(response.Usage, response.ModelId);
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                foreach (var usage in update.Contents.OfType<UsageContent>())
                {
                    context.AddUsage(usage.Details);
                }

                yield return update;
            }
        }

        [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2215", Justification = "The client that it counts for is the caller's to dispose.")]
        protected override void Dispose(bool disposing)
        {
        }
    }
}
