namespace Microscale.Guard.Onnx;

/// <summary>A message as templates see it.</summary>
/// <param name="Role">system, user, assistant or tool.</param>
/// <param name="Content">Its text.</param>
internal sealed record ConversationTurn(string Role, TemplateText Content)
{
    public const string System = "system";
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    /// <summary>The calls that an assistant made.</summary>
    public List<object?> ToolCalls { get; init; } = [];

    /// <summary>Of which call a tool's message is the result.</summary>
    public string? CallId { get; init; }

    /// <summary>The name of the tool that a tool's message comes from.</summary>
    public string? Name { get; init; }

    public JinjaMap ToMap()
    {
        // Some templates put control tokens together from roles, which are none but the four.
        var map = new JinjaMap { ["role"] = TemplateText.FromTemplate(Role), ["content"] = Content };
        if (ToolCalls.Count > 0)
        {
            map["tool_calls"] = ToolCalls;
        }

        if (CallId is not null)
        {
            map["tool_call_id"] = TemplateText.FromData(CallId);
        }

        if (Name is not null)
        {
            map["name"] = TemplateText.FromData(Name);
        }

        return map;
    }
}
