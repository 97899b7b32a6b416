using System.Globalization;
using Spectre.Console;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Turns values into text for a terminal.</summary>
internal static class Printable
{
    /// <summary>A text that cannot steer the terminal: control characters, which a model or a document may bring, are
    /// replaced.</summary>
    public static Text Text(string text, Style? style = null) => new(Clean(text), style);

    /// <summary>The words of a text without control characters other than line ends.</summary>
    public static string Clean(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Select(c => char.IsControl(c) && c is not '\n' ? ' ' : c));

    public static string Duration(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    public static string Score(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A name of an enumeration as words: <c>LowConfidence</c> becomes <c>low confidence</c>.</summary>
    public static string Words<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));
}
