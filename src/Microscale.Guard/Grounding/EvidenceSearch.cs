using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Seeks evidence for a request, and puts it into a copy of it. Whatever the source does becomes a fault.</summary>
internal sealed class EvidenceSearch(IEvidenceSource source, GroundingOptions options, IChatClient innerClient, ILogger logger)
{
    private readonly string _sourceName = source.GetType().Name;
    private readonly string _instruction = options.Instruction.Length > 0 ? options.Instruction + "\n\n" : "";

    /// <summary>Seeks evidence for the question of a conversation, unless it has some already.</summary>
    /// <remarks>Like the other inner methods of a request that mostly wait, it keeps its state machine for the next request: each
    /// allocation of one is some 150 bytes. What it returns must be awaited once, right where it is called.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<GroundedRequest> GroundAsync(
        IReadOnlyList<ChatMessage> messages, string question, ChatOptions? requestOptions, CancellationToken cancellationToken)
    {
        if (GroundedRequest.IsGrounded(messages))
        {
            return new GroundedRequest(messages, ResolveChoices(messages, requestOptions));
        }

        using var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Retrieval);
        var started = options.TimeProvider.GetTimestamp();
        var existing = messages.GetEvidence();
        var (selection, fault) = await FaultBarrier.RunAsync(
            GuardStage.Grounding,
            _sourceName,
            static (asked, stop) => asked.Search.FindAsync(asked.Messages, asked.Question, asked.Existing, stop),
            (Search: this, Messages: messages, Question: question, Existing: existing),
            options.Timeout,
            options.TimeProvider,
            cancellationToken);
        var retrieval = options.TimeProvider.GetElapsedTime(started);
        var found = selection?.Passages ?? [];
        var outcome = fault is not null ? GroundingOutcome.Failed
            : found.Count > 0 ? GroundingOutcome.Found
            : GroundingOutcome.Empty;
        GuardTelemetry.RecordRetrieval(activity, _sourceName, outcome, found.Count);
        if (fault is not null)
        {
            logger.LogFailed(_sourceName, fault.ErrorType);
        }
        else
        {
            logger.LogFound(_sourceName, found.Count, retrieval.TotalMilliseconds);
            fault = selection!.Blanks == 0 ? null : new GuardFault(
                GuardStage.Grounding, _sourceName, "invalid", $"It gave {selection.Blanks} passages without text, which were left out.");
        }

        if (fault is not null)
        {
            GuardTelemetry.RecordFault(activity, fault);
        }

        var grounded = messages;
        if (outcome == GroundingOutcome.Found)
        {
            grounded = GroundedRequest.AddEvidence(messages, found, _instruction);
        }
        else
        {
            requestOptions = requestOptions?.Clone() ?? new ChatOptions();
            requestOptions.SetGroundingOutcome(outcome);
        }

        return new GroundedRequest(grounded, ResolveChoices(grounded, requestOptions))
        {
            Evidence = existing.Count == 0 ? found : grounded.GetEvidence(),
            Fault = fault,
            Retrieval = retrieval,
            IsSearched = true,
        };
    }

    /// <summary>Puts what the evidence offers into the schema of the request.</summary>
    public ChatOptions? ResolveChoices(IReadOnlyList<ChatMessage> messages, ChatOptions? requestOptions)
    {
        try
        {
            return requestOptions.ResolveEvidenceChoices(messages);
        }
        catch (EvidenceChoiceException) when (innerClient.GetService<AbstentionChatClient>() is not null)
        {
            requestOptions = requestOptions!.Clone();
            requestOptions.SetGroundingOutcome(GroundingOutcome.NoChoice);
            return requestOptions;
        }
    }

    private async ValueTask<EvidenceSelection> FindAsync(
        IReadOnlyList<ChatMessage> messages, string question, IReadOnlyList<Evidence> existing, CancellationToken cancellationToken)
    {
        var text = await options.WriteQuery(messages, cancellationToken);
        var query = new EvidenceQuery(string.IsNullOrWhiteSpace(text) ? question : text, options.MaxEvidence) { Conversation = messages };
        return await source.FindAsync(query, cancellationToken) is { } list ? EvidenceSelection.Select(list, existing, options) : null!;
    }
}
