using System.Globalization;
using System.Net;

namespace Microscale.Guard.Evaluation.Html;

/// <summary>Writes HTML; what is not markup is encoded.</summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>Writes markup as it is. Its holes are encoded.</summary>
    public HtmlWriter Markup(FormattableString markup)
    {
        object?[] holes = Array.ConvertAll(markup.GetArguments(), hole => hole switch
        {
            Safe safe => safe.Text,
            IFormattable formattable => new EncodedFormat(formattable),
            _ => (object?)WebUtility.HtmlEncode(hole?.ToString()),
        });
        output.WriteLine(string.Format(CultureInfo.InvariantCulture, markup.Format, holes));
        return this;
    }

    /// <summary>Writes a table with a caption; the first column names the rows, the other ones are figures unless
    /// <paramref name="isText"/>.</summary>
    public HtmlWriter Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, bool isText = false)
    {
        Markup($"<div class=\"scroll\"><table class=\"{(isText ? "text" : "figures")}\"><caption>{caption}</caption><thead><tr>");
        foreach (var head in heads)
        {
            Markup($"<th scope=\"col\">{head}</th>");
        }

        Markup($"</tr></thead><tbody>");
        foreach (var row in rows)
        {
            Markup($"<tr><th scope=\"row\">{row[0]}</th>");
            foreach (var cell in row.Skip(1))
            {
                Markup($"<td>{cell}</td>");
            }

            Markup($"</tr>");
        }

        return Markup($"</tbody></table></div>");
    }

    /// <summary>Writes a chart with its caption, and its data as a table that can be opened.</summary>
    public HtmlWriter Figure(string svg, string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, params IReadOnlyList<(string Style, string Name)> legend)
    {
        Markup($"<figure>{new Safe(svg)}");
        if (legend.Count > 0)
        {
            Markup($"<p class=\"legend\">");
            foreach (var (style, name) in legend)
            {
                var mark = style.StartsWith("line", StringComparison.Ordinal) ? $"<path class=\"{style}\" d=\"M1 5H27\"/>" : $"<rect class=\"{style}\" x=\"8\" width=\"12\" height=\"10\"/>";
                Markup($"<span><svg viewBox=\"0 0 28 10\" aria-hidden=\"true\">{new Safe(mark)}</svg>{name}</span>");
            }

            Markup($"</p>");
        }

        Markup($"<figcaption>{caption}</figcaption><details><summary>Data</summary>");
        Table(caption, heads, rows);
        return Markup($"</details></figure>");
    }

    /// <summary>Markup that is right already.</summary>
    public readonly record struct Safe(string Text);

    private sealed class EncodedFormat(IFormattable value) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => WebUtility.HtmlEncode(value.ToString(format, formatProvider));
    }
}
