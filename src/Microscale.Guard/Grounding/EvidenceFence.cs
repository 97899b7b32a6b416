using System.Globalization;

namespace Microscale.Guard;

/// <summary>Shows evidence to a model so that what is quoted cannot be taken for what is said about it.</summary>
/// <remarks>
/// A piece reads <c>[number] source</c>, and then the passage between <c>&lt;marker&gt;</c> and <c>&lt;/marker&gt;</c>, each on
/// a line of its own. The marker occurs in no passage, source or question, so no foreign text can close the fence or open
/// one. It follows from those texts alone: the same request is rendered the same, and caches inside of the grounding work.
/// </remarks>
internal static class EvidenceFence
{
    private const int LongestSource = 80;

    /// <summary>How many short markers are tried before long ones, which a text of sane size cannot exhaust.</summary>
    private const int ShortMarkers = 64;

    /// <summary>A marker that occurs in none of the texts.</summary>
    public static string CreateMarker(IReadOnlyList<string> texts)
    {
        var hash = Fnv1A.Hash("");
        for (var i = 0; i < texts.Count; i++)
        {
            hash = Fnv1A.Hash(texts[i], hash);
        }

        for (uint attempt = 0; ; attempt++)
        {
            // Short markers first: each token of them is a token of the model's context, twice a passage.
            var value = unchecked(hash + (attempt * 0x9E3779B9));
            var marker = attempt < ShortMarkers
                ? (value >> 16).ToString("x4", CultureInfo.InvariantCulture)
                : value.ToString("x8", CultureInfo.InvariantCulture);
            if (!IsIn(texts, marker))
            {
                return marker;
            }
        }
    }

    private static bool IsIn(IReadOnlyList<string> texts, string marker)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Contains(marker, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="Render(Evidence, string, int, string)"/>
    public static string Render(Evidence evidence, int number, string marker) => Render(evidence, SourceLine(evidence), number, marker);

    /// <summary>The fenced form of a piece of evidence.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="sourceLine">Its source, as of <see cref="SourceLine"/>.</param>
    /// <param name="number">The number by which an answer may cite it.</param>
    /// <param name="marker">A marker made from all texts of the request.</param>
    public static string Render(Evidence evidence, string sourceLine, int number, string marker) => string.Create(
        CultureInfo.InvariantCulture, $"[{number}] {sourceLine}\n<{marker}>\n{evidence.Text}\n</{marker}>\n\n");

    /// <summary>The source as one short line that cannot pass for a citation or a fence.</summary>
    public static string SourceLine(Evidence evidence)
    {
        Span<char> line = stackalloc char[LongestSource];
        var length = 0;
        foreach (var c in evidence.Source.AsSpan(0, Math.Min(evidence.Source?.Length ?? 0, LongestSource)))
        {
            line[length++] = c switch
            {
                '[' or '<' => '(',
                ']' or '>' => ')',
                _ when char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) => ' ',
                _ => c,
            };
        }

        line = line[..length].Trim();
        return line.Length > 0 ? line.ToString() : "Passage";
    }
}
