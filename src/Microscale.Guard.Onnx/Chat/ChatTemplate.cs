using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Writes a conversation as the tokens that the model was trained on, by the template of its folder.</summary>
/// <remarks>What the template writes may become control tokens; the text of messages, tools and results stays text, so that it
/// cannot end its turn or begin another. Safe for concurrent callers.</remarks>
internal sealed class ChatTemplate
{
    private const string ToolsName = "tools";

    private readonly ChatTokenizer _tokenizer;
    private readonly TimeProvider _timeProvider;
    private readonly string _modelId;
    private readonly ChatTemplateFile _file;
    private readonly JinjaTemplate _default;
    private readonly JinjaTemplate _toolUse;

    private ChatTemplate(ModelFolder folder, ChatTokenizer tokenizer, string modelId, TimeProvider timeProvider)
    {
        (_tokenizer, _modelId, _timeProvider) = (tokenizer, modelId, timeProvider);
        _file = ChatTemplateFile.Read(folder);
        try
        {
            _default = JinjaTemplate.Parse(_file.Default);
            _toolUse = _file.ToolUse is null ? _default : JinjaTemplate.Parse(_file.ToolUse);
            Render(_default, [new(ChatRole.User, "?")], null);
        }
        catch (JinjaException exception)
        {
            throw ModelFolderException.For(
                folder.Path,
                [],
                [_file.FileName],
                $"; its chat template cannot be used: {exception.Message}. Write a template without it into chat_template.jinja",
                exception);
        }

        ToolCalls = _toolUse.Names.Contains(ToolsName) ? ToolCallFormat.Of(_toolUse.Source) : null;
    }

    /// <summary>How the model calls tools; null when its template knows none.</summary>
    public ToolCallFormat? ToolCalls { get; }

    /// <summary>Reads the template of a folder and tries it.</summary>
    /// <exception cref="ModelFolderException">There is none, or it uses what is not supported.</exception>
    public static ChatTemplate Load(ModelFolder folder, ChatTokenizer tokenizer, string modelId, TimeProvider timeProvider) =>
        new(folder, tokenizer, modelId, timeProvider);

    /// <summary>The tokens of a conversation, up to the beginning of the assistant's turn.</summary>
    /// <param name="messages">The messages; at least one.</param>
    /// <param name="instructions">A system message before them, or null.</param>
    /// <param name="tools">The tools that the model may call; empty for none.</param>
    /// <exception cref="NotSupportedException">A message holds content that is not text, or the template refuses the conversation.</exception>
    public List<int> Render(IReadOnlyList<ChatMessage> messages, string? instructions, IReadOnlyList<AIFunctionDeclaration>? tools = null)
    {
        IReadOnlyList<ChatMessage> all = string.IsNullOrEmpty(instructions) ? messages : [new(ChatRole.System, instructions), .. messages];
        var withTools = tools is { Count: > 0 } || all.Any(m => m.Contents.Any(c => c is FunctionCallContent or FunctionResultContent));
        try
        {
            return _tokenizer.Encode(Render(withTools ? _toolUse : _default, all, tools));
        }
        catch (JinjaException exception)
        {
            throw new NotSupportedException(
                exception.IsRefusal
                    ? $"The chat template of '{_modelId}' refuses the conversation: {exception.Message.TrimEnd('.')}. Change the order or the roles of the messages."
                    : $"The chat template of '{_modelId}' ({_file.FileName}) cannot write the conversation: {exception.Message.TrimEnd('.')}.",
                exception);
        }
    }

    /// <summary>The text of a conversation. Where the template refuses it, messages of one role in a row are joined, then system
    /// messages become a part of the first user message.</summary>
    private TemplateText Render(JinjaTemplate template, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration>? tools)
    {
        var turns = ConversationWriter.Write(messages, knowsTools: template.Names.Contains(ToolsName));
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["add_generation_prompt"] = true,
            [ToolsName] = tools is { Count: > 0 } ? tools.Select(ConversationWriter.Write).ToList() : null,
            ["documents"] = null,
        };
        foreach (var (name, token) in _file.SpecialTokens)
        {
            variables[name] = TemplateText.FromTemplate(token);
        }

        try
        {
            return RenderTurns(turns);
        }
        catch (JinjaException refusal) when (refusal.IsRefusal)
        {
            foreach (var other in (IEnumerable<List<ConversationTurn>>)[ConversationShapes.Join(turns), ConversationShapes.JoinSystemToUser(turns)])
            {
                try
                {
                    return RenderTurns(other);
                }
                catch (JinjaException exception) when (exception.IsRefusal)
                {
                    continue;
                }
            }

            throw;
        }

        TemplateText RenderTurns(List<ConversationTurn> conversation)
        {
            variables["messages"] = conversation.Select(object? (t) => t.ToMap()).ToList();
            return template.Render(variables, _timeProvider);
        }
    }
}
