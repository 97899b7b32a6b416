using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The default text of an abstention.</summary>
public static class AbstentionText
{
    /// <summary>Says why the answer is withheld.</summary>
    /// <param name="context">What the abstention is about.</param>
    /// <returns>The text; where it quotes evidence it carries a <see cref="CitationAnnotation"/>.</returns>
    public static TextContent Write(AbstentionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(Why(context.Reason));
    }

    /// <summary>A text that needs nothing and cannot fail.</summary>
    internal static string Why(GuardReason reason) => reason switch
    {
        GuardReason.LowConfidence => "I am not sure enough of an answer to give it.",
        GuardReason.Contradicted => "I can't answer that: what I would have said is at odds with the evidence.",
        GuardReason.Unverifiable => "I can't answer that: I found nothing that confirms what I would have said.",
        GuardReason.NoEvidence => "I can't answer that: I have no evidence on it, and I would rather not guess.",
        GuardReason.SourceFailed => "I can't answer that right now: the evidence could not be searched.",
        _ => "I can't answer that right now: my answer could not be checked.",
    };
}
