namespace Microscale.Guard.Onnx;

/// <summary>The variable <c>loop</c> within a for block.</summary>
internal sealed class JinjaLoop(List<object?> items)
{
    public int Index { get; set; }

    public object? Member(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)(items.Count - Index),
        "revindex0" => items.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : new JinjaUndefined("loop.previtem"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new JinjaUndefined("loop.nextitem"),
        "cycle" => (JinjaFunction)((_, a) => a.Positional.Count > 0 ? a.Positional[Index % a.Positional.Count] : throw new JinjaException("cycle needs values")),
        _ => throw new JinjaException($"'loop.{name}' is not supported"),
    };
}
