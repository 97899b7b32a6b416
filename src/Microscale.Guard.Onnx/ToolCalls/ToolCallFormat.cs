namespace Microscale.Guard.Onnx;

/// <summary>How a model writes its calls of tools.</summary>
/// <param name="Start">The mark before calls; null for a model that answers with the bare JSON of a call.</param>
/// <param name="End">The mark after calls; null where they go on to the end of the answer.</param>
/// <param name="IsList">Whether the calls are a JSON list.</param>
/// <param name="ArgumentsKey">Under which name the arguments are.</param>
internal sealed record ToolCallFormat(string? Start, string? End, bool IsList, string ArgumentsKey)
{
    /// <summary>Between the name of a tool and its arguments in newer Mistral models, which write no name as JSON.</summary>
    public const string ArgumentsMark = "[ARGS]";

    /// <summary>Between the name of a tool and the id of the call in some Mistral models.</summary>
    public const string CallIdMark = "[CALL_ID]";

    private const string ArgumentsName = "arguments";
    private const string ParametersName = "parameters";

    /// <summary>Whether calls are a name, a mark and the arguments.</summary>
    public bool IsMarked { get; private init; }

    /// <summary>The control tokens that are a part of calls, so that they do not end an answer.</summary>
    public IReadOnlyList<string> Marks { get; private init; } = [];

    /// <summary>The format that the text of a template shows: Hermes and Qwen (<c>&lt;tool_call&gt;</c>), Mistral
    /// (<c>[TOOL_CALLS]</c>), Phi-4 and Granite (<c>&lt;|tool_call|&gt;</c>), and otherwise Llama 3 (the call as bare JSON, perhaps
    /// after <c>&lt;|python_tag|&gt;</c>).</summary>
    public static ToolCallFormat Of(string template)
    {
        return Has("<tool_call>") ? new("<tool_call>", "</tool_call>", IsList: false, ArgumentsName) { Marks = ["<tool_call>", "</tool_call>"] }
            : Has("[TOOL_CALLS]") ? new("[TOOL_CALLS]", null, IsList: true, ArgumentsName) { IsMarked = Has(ArgumentsMark), Marks = ["[TOOL_CALLS]", ArgumentsMark, CallIdMark] }
            : Has("<|tool_call|>") ? new("<|tool_call|>", "<|/tool_call|>", IsList: true, ArgumentsName) { Marks = ["<|tool_call|>", "<|/tool_call|>"] }
            : Has("<|python_tag|>") ? new("<|python_tag|>", null, IsList: false, ParametersName) { Marks = ["<|python_tag|>"] }
            : new(null, null, IsList: false, Has("\"parameters\":") ? ParametersName : ArgumentsName);

        bool Has(string text) => template.Contains(text, StringComparison.Ordinal);
    }

    /// <summary>Whether an answer may be a call without a mark: Llama 3 leaves it out more often than not.</summary>
    public bool MayBeBare => Start is null or "<|python_tag|>";
}
