using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Follows the text of one answer, content by content, and annotates each with the citations that fall on it.</summary>
/// <remarks>Annotations that are there already stay. Not safe for concurrent callers; one for each response.</remarks>
internal sealed class CitationWriter
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<Citation> _written = [];

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Takes the next content of the answer. A citation's region counts from the content's own start.</summary>
    public void Write(TextContent content, IEnumerable<Citation> citations)
    {
        var offset = _text.Length;
        _text.Append(content.Text);
        foreach (var citation in citations)
        {
            var start = Math.Max(citation.Start - offset, 0);
            var end = Math.Min(citation.Start + citation.Length - offset, content.Text.Length);
            if (start < end)
            {
                _written.Add(citation);
                Annotate(content, citation, start, end);
            }
        }
    }

    /// <summary>A content without text for the citations that came too late to be written where they belong; null when
    /// there are none. They say in their properties which span of the answer they are for.</summary>
    public TextContent? WriteLate(IEnumerable<Citation> citations)
    {
        List<AIAnnotation> late = [.. citations.Where(_written.Add).Select(c => c.ToAnnotation(region: null))];
        return late.Count > 0 ? new TextContent("") { Annotations = late } : null;
    }

    private static void Annotate(TextContent content, Citation citation, int start, int end)
    {
        var present = content.Annotations?.OfType<CitationAnnotation>().Any(a =>
            a.FileId == citation.Evidence.Id
            && a.AnnotatedRegions?.OfType<TextSpanAnnotatedRegion>().Any(r => r.StartIndex == start && r.EndIndex == end) is true) is true;
        if (!present)
        {
            var annotation = citation.ToAnnotation(new TextSpanAnnotatedRegion { StartIndex = start, EndIndex = end });
            content.Annotations = [.. content.Annotations ?? [], annotation];
        }
    }
}
