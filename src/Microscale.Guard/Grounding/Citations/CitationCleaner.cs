using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Takes citations of passages that do not exist out of an answer, content by content: <c>[7]</c> where four passages
/// were shown.</summary>
/// <remarks>What stands in code, and what a passage holds in the same characters, is left as it is. The end of what has come is held
/// back while it may become a marker. Not safe for concurrent callers; one for each response.</remarks>
internal sealed class CitationCleaner(IReadOnlyList<Evidence> evidence)
{
    /// <summary>The most digits of a number that is a citation: <c>[2013]</c> is a year.</summary>
    private const int MostDigits = 3;

    private List<(int Start, int Length)>? _removed;
    private SortedSet<int>? _invented;
    private string _held = "";
    private int _read;
    private int _released;
    private int _codeTicks;

    /// <summary>The numbers of passages that do not exist.</summary>
    public IReadOnlyCollection<int> Invented => (IReadOnlyCollection<int>?)_invented ?? [];

    /// <summary>Whether text is held back.</summary>
    public bool HoldsText => _held.Length > 0;

    /// <summary>Cleans the next content; its annotations move with its text.</summary>
    public void Clean(TextContent content)
    {
        var offset = _read + _held.Length;
        var before = _released;
        var text = Write(content.Text, complete: false);
        if (text != content.Text)
        {
            foreach (var region in (content.Annotations ?? []).SelectMany(a => a.AnnotatedRegions ?? []).OfType<TextSpanAnnotatedRegion>())
            {
                region.StartIndex = Local(region.StartIndex);
                region.EndIndex = Local(region.EndIndex);
            }

            content.Text = text;
        }

        int? Local(int? position) => position is { } p ? Math.Clamp(Map(offset + p) - before, 0, text.Length) : null;
    }

    /// <summary>What was held back, cleaned, once no more text will come.</summary>
    public string Complete() => Write("", complete: true);

    /// <summary>Where a position of the answer as the model wrote it lies in the cleaned one.</summary>
    public int Map(int position) => position - (_removed?.Sum(r => Math.Clamp(position - r.Start, 0, r.Length)) ?? 0);

    /// <summary>A report whose spans fit the cleaned text.</summary>
    public GuardReport Map(GuardReport report) => _removed is null ? report : report with
    {
        ScoredLength = Map(report.ScoredLength),
        VerifiedLength = Map(report.VerifiedLength),
        Verdicts = report.Verdicts?.Select(v =>
        {
            var start = Map(v.Claim.Start);
            return v with { Claim = v.Claim with { Start = start, Length = Map(v.Claim.End) - start } };
        }).ToList(),
    };

    private string Write(string text, bool complete)
    {
        if (_held.Length == 0 && text.AsSpan().IndexOfAny("[【`") < 0)
        {
            _read += text.Length;
            _released += text.Length;
            return text;
        }

        text = _held + text;
        var clean = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '`')
            {
                var ticks = text.AsSpan(at).IndexOfAnyExcept('`') is >= 0 and var n ? n : text.Length - at;
                if (at + ticks == text.Length && !complete)
                {
                    break;
                }

                _codeTicks = _codeTicks == 0 ? ticks : _codeTicks == ticks ? 0 : _codeTicks;
                clean.Append(text, at, ticks);
                at += ticks;
                continue;
            }

            var marker = _codeTicks == 0 ? CitationMarker.Match(text.AsSpan(at), complete) : 0;
            if (marker < 0)
            {
                // The blank before it goes with it.
                var blank = clean.Length > 0 && clean[^1] == ' ' ? 1 : 0;
                clean.Length -= blank;
                at -= blank;
                break;
            }

            if (marker == 0)
            {
                clean.Append(text[at++]);
                continue;
            }

            at += WriteMarker(clean, text, at, marker);
        }

        _read += at;
        _held = text[at..];
        _released += clean.Length;
        return clean.ToString();
    }

    /// <returns>How much of the text is done with.</returns>
    private int WriteMarker(StringBuilder clean, string text, int at, int length)
    {
        var marker = text.AsSpan(at, length).TrimEnd().ToString();
        var known = Known(marker);
        clean.Append(known);
        if (known.Length > 0)
        {
            Remove(at + known.Length, marker.Length - known.Length);
            return marker.Length;
        }

        if (clean.Length > 0 && clean[^1] == ' ')
        {
            clean.Length--;
            Remove(at - 1, marker.Length + 1);
            return marker.Length;
        }

        var blank = at + marker.Length < text.Length && text[at + marker.Length] == ' ' ? 1 : 0;
        Remove(at, marker.Length + blank);
        return marker.Length + blank;
    }

    private void Remove(int start, int length)
    {
        if (length > 0)
        {
            (_removed ??= []).Add((_read + start, length));
        }
    }

    /// <summary>A marker without the numbers that name nothing; empty when none is left.</summary>
    private string Known(string marker)
    {
        if (evidence.Count == 0 || evidence.Any(e => e.Text.Contains(marker, StringComparison.Ordinal)))
        {
            return marker;
        }

        List<string> numbers = [.. marker.Split(['[', ']', '【', '】', '^', ' ', ',', ';', '-', '–'], StringSplitOptions.RemoveEmptyEntries)];
        var invented = numbers.FindAll(n => n.Length <= MostDigits && int.Parse(n, CultureInfo.InvariantCulture) > evidence.Count);
        if (invented.Count > 0)
        {
            (_invented ??= []).UnionWith(invented.Select(n => int.Parse(n, CultureInfo.InvariantCulture)));
        }

        return invented.Count == 0 ? marker
            : invented.Count == numbers.Count ? ""
            : $"[{string.Join(", ", numbers.Except(invented))}]";
    }
}
