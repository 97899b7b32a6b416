using System.Collections.Frozen;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>What a request asks of a model about tools.</summary>
/// <param name="Format">How the model calls tools.</param>
/// <param name="Tools">The tools that it is told of.</param>
/// <param name="IsRequired">Whether the answer must be a call.</param>
/// <param name="IsSingle">Whether there may be one call only.</param>
internal sealed record ToolRequest(ToolCallFormat Format, IReadOnlyList<AIFunctionDeclaration> Tools, bool IsRequired, bool IsSingle)
{
    /// <summary>Tells a call that no mark begins from an answer in JSON; null where there can be none.</summary>
    public Func<string, bool>? IsBareCall { get; init; }

    /// <summary>The tools of a request; null when it has none, or none may be called.</summary>
    /// <exception cref="NotSupportedException">The model knows no tools, or not this kind.</exception>
    /// <exception cref="ArgumentException">A tool is required that is not there.</exception>
    public static ToolRequest? Read(ChatOptions? options, ToolCallFormat? format, string modelId)
    {
        var required = options?.ToolMode as RequiredChatToolMode;
        if (options is null || options.ToolMode is NoneChatToolMode || (options.Tools is not { Count: > 0 } && required is null))
        {
            return null;
        }

        if (format is null)
        {
            throw new NotSupportedException(
                $"The model '{modelId}' cannot call tools, because its chat template knows none: remove ChatOptions.Tools and ChatOptions.ToolMode, "
                + "set ChatOptions.ToolMode to ChatToolMode.None, or use a model whose template has tools.");
        }

        var tools = new List<AIFunctionDeclaration>();
        foreach (var tool in options.Tools ?? [])
        {
            tools.Add(tool as AIFunctionDeclaration ?? throw new NotSupportedException(
                $"The model '{modelId}' runs in this process and can call functions only: remove '{tool.Name}' ({tool.GetType().Name}) from ChatOptions.Tools."));
        }

        var name = required?.RequiredFunctionName;
        var offered = name is null ? tools : tools.FindAll(t => t.Name == name);
        if (offered.Count == 0)
        {
            throw new ArgumentException(
                name is null
                    ? "ChatOptions.ToolMode requires a call, but ChatOptions.Tools is empty: add a tool, or leave ToolMode null."
                    : $"ChatOptions.ToolMode requires '{name}', which is not in ChatOptions.Tools: add it, or require another one.",
                nameof(options));
        }

        return new ToolRequest(format, offered, required is not null, options.AllowMultipleToolCalls == false);
    }

    /// <summary>A reader for one answer.</summary>
    public ToolCallReader CreateReader() => new(Format, Tools.Select(t => t.Name).ToFrozenSet(StringComparer.Ordinal)) { SingleCall = IsSingle, IsBareCall = IsBareCall };
}
