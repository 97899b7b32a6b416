using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Options of <see cref="AbstentionChatClient"/>.</summary>
public sealed class AbstentionOptions
{
    /// <summary>Decides whether an answer is delivered. Required.</summary>
    public IAbstentionPolicy? Policy { get; set; }

    /// <summary>How often the model is asked again, with the failed claims named, when its answer is withheld.</summary>
    /// <value>The default value is 0.</value>
    public int MaxRepairs { get; set; }

    /// <summary>A client that is asked when no draft passed. Its answers must carry the parts of the report that the policy
    /// needs (<c>UseHallucinationGuard</c> sees to that); else they are withheld too. It is not disposed with the guard.</summary>
    /// <value>The default value is <see langword="null"/>: nobody is asked.</value>
    public IChatClient? Escalation { get; set; }

    /// <summary>How a streamed answer is let through.</summary>
    /// <value>The default value is <see cref="StreamingMode.SentenceGated"/>.</value>
    public StreamingMode Streaming { get; set; } = StreamingMode.SentenceGated;

    /// <summary>What happens when grounding was asked for and found nothing, and the conversation holds no other evidence.
    /// <see cref="FaultAction.Abstain"/> does not even ask the model.</summary>
    /// <value>The default value is <see cref="FaultAction.Abstain"/>.</value>
    public FaultAction WhenNoEvidence { get; set; }

    /// <summary>What happens when the evidence source failed.</summary>
    /// <value>The default value is <see cref="FaultAction.Abstain"/>.</value>
    public FaultAction WhenSourceFails { get; set; }

    /// <summary>Whether a withheld draft is kept, in <see cref="GuardReport.WithheldDraft"/> and in the response's raw
    /// representation.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeepDraft { get; set; }

    /// <summary>Writes what the caller gets in place of a withheld answer.</summary>
    /// <value>The default value is <see cref="AbstentionText.Write"/>.</value>
    public Func<AbstentionContext, TextContent> WriteAbstention { get; set; } = AbstentionText.Write;

    /// <summary>The clock.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A copy that escalates to another client.</summary>
    internal AbstentionOptions With(IChatClient? escalation)
    {
        var copy = (AbstentionOptions)MemberwiseClone();
        copy.Escalation = escalation;
        return copy;
    }

    internal void Validate()
    {
        if (Policy is null)
        {
            throw new InvalidOperationException(
                $"{nameof(AbstentionOptions)}.{nameof(Policy)} is not set: set it to a {nameof(VerdictPolicy)}, a {nameof(ConfidenceThresholdPolicy)} or a policy of your own.");
        }

        if (MaxRepairs is < 0 or > 10)
        {
            throw new InvalidOperationException($"{nameof(AbstentionOptions)}.{nameof(MaxRepairs)} is {MaxRepairs}: set it between 0 and 10.");
        }

        if (!Enum.IsDefined(Streaming))
        {
            throw new InvalidOperationException($"{nameof(AbstentionOptions)}.{nameof(Streaming)} is {Streaming}: set it to a {nameof(StreamingMode)}.");
        }

        if (WriteAbstention is null || TimeProvider is null)
        {
            throw new InvalidOperationException(
                $"{nameof(AbstentionOptions)}.{nameof(WriteAbstention)} and {nameof(TimeProvider)} must not be null: leave them out for the defaults.");
        }
    }
}
