using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Questions about an answer.</summary>
internal static class FollowUp
{
    /// <summary>The most tokens of a reply: one word or number, and the least that some servers accept.</summary>
    public const int MaxOutputTokens = 16;

    /// <summary>The conversation, its answer, and a question about that.</summary>
    public static List<ChatMessage> Ask(ConfidenceContext context, string question) =>
    [
        .. context.Messages,
        new ChatMessage(ChatRole.Assistant, context.Text),
        new ChatMessage(ChatRole.User, [Conversation.CreateInstruction(question)]),
    ];
}
