using System.Globalization;
using Spectre.Console;

namespace Microscale.Guard.Cli.Output;

/// <summary>Turns values into text for a terminal.</summary>
internal static class Printable
{
    /// <summary>A text without control characters other than line ends: what a model or a document brings must not steer the
    /// terminal.</summary>
    public static string Of(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Select(c => char.IsControl(c) && c is not '\n' ? ' ' : c));

    /// <summary>The same for a cell of a table.</summary>
    public static Text Cell(string? text, Style? style = null) => new(Of(text ?? ""), style);

    public static string Duration(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    public static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");

    public static string Score(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A name of an enumeration as words: <c>LowConfidence</c> becomes <c>low confidence</c>.</summary>
    public static string Words<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));
}
