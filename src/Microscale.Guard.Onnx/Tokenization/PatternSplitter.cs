using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Microscale.Guard.Onnx;

/// <summary>Cuts a text at the matches of a pattern.</summary>
/// <remarks>The classes of a .NET regular expression see a character outside of the basic plane as two surrogates; the reference
/// sees one character. So such a character is matched by one of its category that lies in the basic plane.</remarks>
internal sealed class PatternSplitter
{
    public const string Isolated = "Isolated";
    public const string Removed = "Removed";
    public const string MergedWithPrevious = "MergedWithPrevious";
    public const string MergedWithNext = "MergedWithNext";

    private static readonly char[] s_representatives = Representatives();

    private readonly Regex _pattern;
    private readonly string _behavior;
    private readonly bool _invert;

    /// <param name="pattern">The pattern.</param>
    /// <param name="behavior">What becomes of matches, by the names of tokenizer.json.</param>
    /// <param name="invert">Whether what lies between the matches is meant.</param>
    /// <exception cref="FormatException">The behavior is not supported.</exception>
    public PatternSplitter(Regex pattern, string behavior, bool invert)
    {
        _pattern = pattern;
        _behavior = behavior is Isolated or Removed or MergedWithPrevious or MergedWithNext ? behavior
            : throw new FormatException($"the behavior '{behavior}' of its pre-tokenizer is not supported");
        _invert = invert;
    }

    public List<string> Split(string text)
    {
        var (subject, places) = Representable(text);
        var pieces = new List<string>();
        var pending = 0;
        var end = 0;
        foreach (var match in _pattern.EnumerateMatches(subject))
        {
            if (match.Length > 0)
            {
                Add(end, match.Index, isMatch: false);
                end = match.Index + match.Length;
                Add(match.Index, end, isMatch: true);
            }
        }

        Add(end, subject.Length, isMatch: false);
        Emit(pending, subject.Length);
        return pieces;

        void Add(int from, int to, bool isMatch)
        {
            if (from == to)
            {
                return;
            }

            isMatch ^= _invert;
            switch (_behavior)
            {
                case Isolated:
                    Emit(from, to);
                    pending = to;
                    break;
                case Removed:
                    if (!isMatch)
                    {
                        Emit(from, to);
                    }

                    pending = to;
                    break;
                case MergedWithPrevious when isMatch:
                    Emit(pending, to);
                    pending = to;
                    break;
                case MergedWithNext when isMatch:
                    Emit(pending, from);
                    pending = from;
                    break;
            }
        }

        void Emit(int from, int to)
        {
            if (to > from)
            {
                pieces.Add(places is null ? text[from..to] : text[places[from]..places[to]]);
            }
        }
    }

    /// <summary>The text with one unit a character, and where each of these is in the text; null when nothing had to change.</summary>
    private static (string Subject, int[]? Places) Representable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return (text, null);
        }

        var subject = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var width);
            places.Add(at);
            subject.Append(width == 2 ? s_representatives[(int)Rune.GetUnicodeCategory(rune)] : text[at]);
            at += width;
        }

        places.Add(text.Length);
        return (subject.ToString(), [.. places]);
    }

    /// <summary>A character of each category, none of them one that patterns name.</summary>
    private static char[] Representatives()
    {
        var representatives = new char[(int)UnicodeCategory.OtherNotAssigned + 1];
        for (var c = '\uFFFD'; c >= '\u0100'; c--)
        {
            representatives[(int)CharUnicodeInfo.GetUnicodeCategory(c)] = c;
        }

        return representatives;
    }
}
