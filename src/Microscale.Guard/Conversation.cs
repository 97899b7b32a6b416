using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What the boxes of the chain read from a conversation.</summary>
internal static class Conversation
{
    /// <summary>The words of the last user turn, without content that is marked as evidence or as the
    /// guard's own instruction; empty when there is none.</summary>
    public static string Question(IEnumerable<ChatMessage> messages)
    {
        ChatMessage? last = null;
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.User)
            {
                last = message;
            }
        }

        return last is null
            ? ""
            : string.Concat(last.Contents.OfType<TextContent>().Where(c => !c.IsMarkedAsEvidence() && !IsInstruction(c)).Select(c => c.Text));
    }

    /// <summary>Text that the guard itself puts into a message, marked so that no box takes it for the user's words.</summary>
    public static TextContent CreateInstruction(string text) =>
        new(text) { AdditionalProperties = new() { [GuardPropertyNames.Instruction] = true } };

    /// <summary>The messages as a list, enumerated once.</summary>
    /// <exception cref="ArgumentException">There is no message.</exception>
    public static IReadOnlyList<ChatMessage> Materialize(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return list.Count > 0
            ? list
            : throw new ArgumentException("The message list is empty: pass at least one message.", nameof(messages));
    }

    /// <summary>Whether a response is complete and says something that can be judged: a background response that still
    /// runs and a turn without text (a tool call) are not answers.</summary>
    public static bool IsAnswer(ChatResponse response) =>
        response.ContinuationToken is null && !string.IsNullOrWhiteSpace(response.Text);

    private static bool IsInstruction(AIContent content) =>
        content.AdditionalProperties?.ContainsKey(GuardPropertyNames.Instruction) is true;
}
