using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Makes the variables of a template from messages and tools.</summary>
internal static class ConversationWriter
{
    private static readonly JsonSerializerOptions s_json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>The messages as turns. Each result of a tool becomes a turn of its own.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="knowsTools">Whether the template knows calls; otherwise they are written as text.</param>
    /// <exception cref="NotSupportedException">A role is unknown, or content is not text.</exception>
    public static List<ConversationTurn> Write(IReadOnlyList<ChatMessage> messages, bool knowsTools)
    {
        var names = messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()
            .GroupBy(c => c.CallId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Name, StringComparer.Ordinal);
        var turns = new List<ConversationTurn>();
        foreach (var message in messages)
        {
            var (text, calls, results) = (new StringBuilder(), new List<object?>(), new List<FunctionResultContent>());
            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case TextReasoningContent or UsageContent:
                        break; // Thoughts of earlier turns and counts of tokens are no part of what was said.
                    case TextContent part:
                        text.Append(part.Text);
                        break;
                    case FunctionCallContent call when knowsTools:
                        calls.Add(Write(call));
                        break;
                    case FunctionCallContent call:
                        text.Append(TextOf(call));
                        break;
                    case FunctionResultContent result:
                        results.Add(result);
                        break;
                    default:
                        throw new NotSupportedException(
                            $"A message of the role '{message.Role.Value}' holds {content.GetType().Name}, which this model cannot read: pass text, "
                            + "or a description of the content as text.");
                }
            }

            if (text.Length > 0 || calls.Count > 0 || results.Count == 0)
            {
                turns.Add(new ConversationTurn(RoleOf(message), TemplateText.FromData(text.ToString())) { ToolCalls = calls });
            }

            turns.AddRange(results.Select(r => new ConversationTurn(ConversationTurn.Tool, TemplateText.FromData(TextOf(r.Result)))
            {
                CallId = r.CallId,
                Name = names.GetValueOrDefault(r.CallId),
            }));
        }

        return turns;
    }

    /// <summary>A tool in the form in which templates expect it: that of the OpenAI API.</summary>
    public static object? Write(AIFunctionDeclaration tool) => new JinjaMap
    {
        ["type"] = TemplateText.FromData("function"),
        ["function"] = new JinjaMap
        {
            ["name"] = TemplateText.FromData(tool.Name),
            ["description"] = TemplateText.FromData(tool.Description),
            ["parameters"] = JinjaValues.FromJson(tool.JsonSchema),
        },
    };

    private static JinjaMap Write(FunctionCallContent call) => new()
    {
        ["id"] = TemplateText.FromData(call.CallId),
        ["type"] = TemplateText.FromData("function"),
        ["function"] = new JinjaMap
        {
            ["name"] = TemplateText.FromData(call.Name),
            ["arguments"] = call.Arguments is null ? new JinjaMap() : JinjaValues.FromJson(ToJson(call.Arguments)),
        },
    };

    /// <summary>Templates know system, user, assistant and tool; a developer's message is a system message.</summary>
    private static string RoleOf(ChatMessage message) =>
        message.Role == ChatRole.System || message.Role == new ChatRole("developer") ? ConversationTurn.System
        : message.Role == ChatRole.User ? ConversationTurn.User
        : message.Role == ChatRole.Assistant ? ConversationTurn.Assistant
        : message.Role == ChatRole.Tool ? ConversationTurn.Tool
        : throw new NotSupportedException(
            $"The model's template has no role '{message.Role.Value}': use system, developer, user, assistant or tool.");

    private static string TextOf(FunctionCallContent call) => $"{call.Name}({(call.Arguments is null ? "" : ToJson(call.Arguments).GetRawText())})";

    private static JsonElement ToJson(IDictionary<string, object?> arguments) =>
        JsonSerializer.SerializeToElement(arguments, s_json.GetTypeInfo(typeof(IDictionary<string, object?>)));

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
