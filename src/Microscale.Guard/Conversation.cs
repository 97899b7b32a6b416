using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What the boxes of the chain read from a conversation.</summary>
internal static class Conversation
{
    /// <summary>The words of the last user turn, without what the guard added to it (evidence, instructions, feedback);
    /// empty when there is none.</summary>
    public static string Question(IEnumerable<ChatMessage> messages)
    {
        var question = "";
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.User && OwnText(message) is { Length: > 0 } text)
            {
                question = text;
            }
        }

        return question;
    }

    /// <summary>Marks a text as the guard's own, so that no box takes it for the user's words.</summary>
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

    /// <summary>The words of a message, without what the guard added to it.</summary>
    public static string OwnText(ChatMessage message) => string.Concat(
        message.Contents.OfType<TextContent>().Where(c => !IsInstruction(c) && !c.IsMarkedAsEvidence()).Select(c => c.Text));

    private static bool IsInstruction(AIContent content) =>
        content.AdditionalProperties?.ContainsKey(GuardPropertyNames.Instruction) is true;
}
