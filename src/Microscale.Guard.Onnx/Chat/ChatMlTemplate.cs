using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Writes a conversation as the tokens of the ChatML template: each message between control tokens, then the beginning
/// of the assistant's turn.</summary>
/// <remarks>The text of messages is encoded apart from the control tokens, so that it cannot end its turn or begin another.
/// Safe for concurrent callers.</remarks>
internal sealed class ChatMlTemplate(ChatTokenizer tokenizer)
{
    /// <summary>What the model is told where a conversation does not begin with a system message.</summary>
    public const string DefaultSystemPrompt = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

    private readonly int _start = tokenizer.SpecialToken("<|im_start|>");
    private readonly int _end = tokenizer.SpecialToken("<|im_end|>");
    private readonly IReadOnlyList<int> _newLine = tokenizer.Encode("\n");
    private readonly IReadOnlyList<int> _answer = tokenizer.Encode("assistant\n");

    /// <summary>The tokens of a conversation.</summary>
    /// <param name="messages">The messages; at least one.</param>
    /// <param name="instructions">A system message before them, or null.</param>
    /// <exception cref="NotSupportedException">A message holds content that is not text.</exception>
    public List<int> Render(IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        var tokens = new List<int>();
        if (!string.IsNullOrEmpty(instructions))
        {
            AddTurn(tokens, ChatRole.System.Value, instructions);
        }
        else if (RoleOf(messages[0]) != ChatRole.System.Value)
        {
            AddTurn(tokens, ChatRole.System.Value, DefaultSystemPrompt);
        }

        foreach (var message in messages)
        {
            AddTurn(tokens, RoleOf(message), TextOf(message));
        }

        tokens.Add(_start);
        tokens.AddRange(_answer);
        return tokens;
    }

    private void AddTurn(List<int> tokens, string role, string text)
    {
        tokens.Add(_start);
        tokens.AddRange(tokenizer.Encode($"{role}\n{text}"));
        tokens.Add(_end);
        tokens.AddRange(_newLine);
    }

    /// <summary>The template knows system, user, assistant and tool; a developer's message is a system message.</summary>
    private static string RoleOf(ChatMessage message) =>
        message.Role == ChatRole.System || message.Role == new ChatRole("developer") ? ChatRole.System.Value
        : message.Role == ChatRole.User ? ChatRole.User.Value
        : message.Role == ChatRole.Assistant ? ChatRole.Assistant.Value
        : message.Role == ChatRole.Tool ? ChatRole.Tool.Value
        : throw new NotSupportedException(
            $"The model's template has no role '{message.Role.Value}': use system, developer, user, assistant or tool.");

    private static string TextOf(ChatMessage message)
    {
        var text = new StringBuilder();
        foreach (var content in message.Contents)
        {
            text.Append(content switch
            {
                // Thoughts of earlier turns and counts of tokens are no part of what was said.
                TextReasoningContent or UsageContent => "",
                TextContent c => c.Text,
                FunctionCallContent c => TextOf(c),
                FunctionResultContent c => TextOf(c.Result),
                _ => throw new NotSupportedException(
                    $"A message of the role '{message.Role.Value}' holds {content.GetType().Name}, which this model cannot read: pass text, "
                    + "or a description of the content as text."),
            });
        }

        return text.ToString();
    }

    private static string TextOf(FunctionCallContent call) =>
        $"{call.Name}({(call.Arguments is null ? "" : JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))))})";

    private static string TextOf(object? toolResult) => toolResult switch
    {
        string s => s,
        JsonElement { ValueKind: JsonValueKind.String } e => e.GetString()!,
        JsonElement e => e.GetRawText(),
        TextContent c => c.Text,
        null => "",
        _ => toolResult.ToString() ?? "",
    };
}
