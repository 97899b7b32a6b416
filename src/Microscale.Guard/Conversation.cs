using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What the boxes of the chain read from a conversation.</summary>
internal static class Conversation
{
    private static readonly object IsMarked = true;

    /// <summary>The words of the last user turn, without what the guard added to it (evidence, instructions, feedback);
    /// empty when there is none.</summary>
    public static string Question(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.User && OwnText(messages[i]) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return "";
    }

    /// <summary>Marks a text as the guard's own, so that no box takes it for the user's words.</summary>
    public static TextContent CreateInstruction(string text) =>
        new(text) { AdditionalProperties = new() { [GuardPropertyNames.Instruction] = IsMarked } };

    /// <summary>Whether the guard itself put a text into a message.</summary>
    public static bool IsInstruction(AIContent content) =>
        content.AdditionalProperties?.ContainsKey(GuardPropertyNames.Instruction) is true;

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

    /// <summary>Whether tools are called in some messages whose results are not there: the turn is then not over.</summary>
    public static bool HasOpenCalls(IList<ChatMessage> messages)
    {
        HashSet<string>? open = null;
        for (var m = 0; m < messages.Count; m++)
        {
            var contents = messages[m].Contents;
            for (var c = 0; c < contents.Count; c++)
            {
                if (contents[c] is FunctionCallContent { InformationalOnly: false } call)
                {
                    (open ??= []).Add(call.CallId);
                }
                else if (contents[c] is FunctionResultContent result)
                {
                    open?.Remove(result.CallId);
                }
            }
        }

        return open is { Count: > 0 };
    }

    /// <summary>The words of a message, without what the guard added to it.</summary>
    public static string OwnText(ChatMessage message)
    {
        // Asked several times a request, and mostly there is one text.
        var text = "";
        StringBuilder? joined = null;
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i] is TextContent content && !IsInstruction(content) && !content.IsMarkedAsEvidence())
            {
                joined = text.Length > 0 ? (joined ?? new(text)).Append(content.Text) : joined;
                text = text.Length > 0 ? text : content.Text;
            }
        }

        return joined?.ToString() ?? text;
    }
}
