using System.Diagnostics.CodeAnalysis;

namespace Microscale.Guard.Onnx;

/// <summary>A template cannot be read or rendered.</summary>
/// <remarks>Internal: callers see a <see cref="ModelFolderException"/> or a <see cref="NotSupportedException"/> that names the model.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "Made only here, always with a message.")]
[SuppressMessage("Design", "CA1064", Justification = "Never leaves the package.")]
internal sealed class JinjaException(string message, int offset = JinjaException.NoOffset) : Exception(message)
{
    public const int NoOffset = -1;

    /// <summary>Where in the template; <see cref="NoOffset"/> until the node that failed is known.</summary>
    public int Offset => offset;

    /// <summary>Whether the template itself refused what it was given (raise_exception).</summary>
    public bool IsRefusal { get; init; }

    /// <summary>The same with a place, if it has none.</summary>
    public JinjaException At(int place) => offset == NoOffset ? new JinjaException(Message, place) { IsRefusal = IsRefusal } : this;

    /// <summary>The message with line and column.</summary>
    public string Describe(string source)
    {
        if (offset == NoOffset)
        {
            return Message;
        }

        var before = source.AsSpan(0, Math.Min(offset, source.Length));
        return FormattableString.Invariant($"line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}: {Message}");
    }
}
