using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>A request after evidence was sought for it.</summary>
/// <param name="Messages">The conversation with the evidence in it; never the caller's own list when changed.</param>
/// <param name="Options">The options that tell the inner boxes what became of the search.</param>
internal sealed record GroundedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>All evidence of the conversation. An answer cites the n-th of them as <c>[n]</c>.</summary>
    public IReadOnlyList<Evidence> Evidence { get; } = Messages.GetEvidence();

    /// <summary>What was wrong with the source; null for nothing.</summary>
    public GuardFault? Fault { get; init; }

    /// <summary>How long the search took.</summary>
    public TimeSpan Retrieval { get; init; }

    /// <summary>Puts evidence before the words of the last user turn, in copies of the list and of that message.</summary>
    public static IReadOnlyList<ChatMessage> AddEvidence(IReadOnlyList<ChatMessage> messages, IReadOnlyList<Evidence> evidence, string instruction)
    {
        var turn = LastUserTurn(messages);
        var original = messages[turn];
        var marker = EvidenceFence.CreateMarker(
            [.. evidence.Select(e => e.Text), .. evidence.Select(EvidenceFence.SourceLine), original.Text, instruction]);

        // Numbers follow the order in which evidence is read back from the conversation.
        var number = messages.Take(turn).GetEvidence().Count;
        List<AIContent> contents = [.. evidence.Select(item => new TextContent(EvidenceFence.Render(item, ++number, marker)).Mark(item))];
        if (instruction.Length > 0)
        {
            // After the passages and before the question: small models follow what they read last.
            contents.Add(Conversation.CreateInstruction(instruction + "\n\n"));
        }

        var grounded = original.Clone();
        grounded.Contents = [.. contents, .. original.Contents];
        return [.. messages.Take(turn), grounded, .. messages.Skip(turn + 1)];
    }

    /// <summary>Whether the last user turn carries evidence that a grounding retrieved for it.</summary>
    public static bool IsGrounded(IReadOnlyList<ChatMessage> messages) =>
        LastUserTurn(messages) is >= 0 and var turn
        && messages[turn].Contents.Any(c => c.GetEvidence() is { Provenance: EvidenceProvenance.Retrieved });

    private static int LastUserTurn(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.User)
            {
                return i;
            }
        }

        return -1;
    }
}
