using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>A request after evidence was sought for it.</summary>
/// <param name="Messages">The conversation with the evidence in it; never the caller's own list when changed.</param>
/// <param name="Options">The options that tell the inner boxes what became of the search.</param>
internal sealed record GroundedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>All evidence of the conversation. An answer cites the n-th of them as <c>[n]</c>.</summary>
    /// <value>By default it is read from the messages.</value>
    public IReadOnlyList<Evidence> Evidence { get => field ??= Messages.GetEvidence(); init; }

    /// <summary>What was wrong with the source; null for nothing.</summary>
    public GuardFault? Fault { get; init; }

    /// <summary>How long the search took.</summary>
    public TimeSpan Retrieval { get; init; }

    /// <summary>Whether evidence was sought now. The boxes inside then know of it, and leave the time of the request to this
    /// one.</summary>
    public bool IsSearched { get; init; }

    /// <summary>Records where the time of a request went whose answer was judged inside.</summary>
    public void RecordTime(GuardReport report, TimeSpan reading)
    {
        if (IsSearched && report is { Decision: not null, Reason: not GuardReason.Bypassed })
        {
            GuardTelemetry.RecordTime(report, reading);
        }
    }

    /// <summary>Records that the first text of a streamed answer goes out.</summary>
    public void RecordFirstRelease(TimeSpan elapsed)
    {
        if (IsSearched)
        {
            GuardTelemetry.RecordFirstRelease(elapsed);
        }
    }

    /// <summary>Puts evidence before the words of the last user turn, in copies of the list and of that message.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="evidence">The passages.</param>
    /// <param name="instruction">What is said after them, with the blank line that ends it; empty for nothing.</param>
    public static IReadOnlyList<ChatMessage> AddEvidence(IReadOnlyList<ChatMessage> messages, IReadOnlyList<Evidence> evidence, string instruction)
    {
        var turn = LastUserTurn(messages);
        var original = messages[turn];
        var texts = new string[(2 * evidence.Count) + 2];
        for (var i = 0; i < evidence.Count; i++)
        {
            texts[i] = evidence[i].Text;
            texts[evidence.Count + i] = EvidenceFence.SourceLine(evidence[i]);
        }

        (texts[^2], texts[^1]) = (original.Text, instruction);
        var marker = EvidenceFence.CreateMarker(texts);

        // Numbers follow the order in which evidence is read back from the conversation.
        var number = turn == 0 ? 0 : messages.Take(turn).GetEvidence().Count;
        var contents = new List<AIContent>(evidence.Count + 1 + original.Contents.Count);
        for (var i = 0; i < evidence.Count; i++)
        {
            var fenced = EvidenceFence.Render(evidence[i], texts[evidence.Count + i], ++number, marker);
            contents.Add(new TextContent(fenced).Mark(evidence[i]));
        }

        if (instruction.Length > 0)
        {
            // After the passages and before the question: small models follow what they read last.
            contents.Add(Conversation.CreateInstruction(instruction));
        }

        contents.AddRange(original.Contents);
        var grounded = original.Clone();
        grounded.Contents = contents;
        ChatMessage[] copy = [.. messages];
        copy[turn] = grounded;
        return copy;
    }

    /// <summary>Whether the last user turn carries evidence that a grounding retrieved for it.</summary>
    public static bool IsGrounded(IReadOnlyList<ChatMessage> messages) =>
        LastUserTurn(messages) is >= 0 and var turn
        && IsGrounded(messages[turn].Contents);

    private static bool IsGrounded(IList<AIContent> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i].IsRetrieved())
            {
                return true;
            }
        }

        return false;
    }

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
