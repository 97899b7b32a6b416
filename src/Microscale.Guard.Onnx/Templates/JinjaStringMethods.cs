using System.Buffers;

namespace Microscale.Guard.Onnx;

/// <summary>The methods of strings, which are Python's.</summary>
internal static class JinjaStringMethods
{
    private static readonly SearchValues<char> s_whiteSpace = SearchValues.Create([.. Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(char.IsWhiteSpace)]);

    public static JinjaFunction? Find(TemplateText text, string name) => name switch
    {
        "strip" => (_, a) => Strip(text, a.Get(0, "chars"), left: true, right: true),
        "lstrip" => (_, a) => Strip(text, a.Get(0, "chars"), left: true, right: false),
        "rstrip" => (_, a) => Strip(text, a.Get(0, "chars"), left: false, right: true),
        "startswith" => (_, a) => Any(a, part => text.Value.StartsWith(part, StringComparison.Ordinal)),
        "endswith" => (_, a) => Any(a, part => text.Value.EndsWith(part, StringComparison.Ordinal)),
        "split" => (_, a) => Split(text, a.Get(0, "sep"), a.Get(1, "maxsplit", -1L), fromEnd: false),
        "rsplit" => (_, a) => Split(text, a.Get(0, "sep"), a.Get(1, "maxsplit", -1L), fromEnd: true),
        "splitlines" => (_, _) => SplitLines(text),
        "replace" => (_, a) => Replace(text, a.Require(0, "old"), a.Require(1, "new"), a.Get(2, "count", -1L)),
        "join" => (_, a) => Join(text, JinjaValues.ToList(a.Require(0, "iterable"))),
        "find" => (_, a) => (long)text.Value.IndexOf(JinjaValues.ToText(a.Require(0, "sub")).Value, StringComparison.Ordinal),
        "rfind" => (_, a) => (long)text.Value.LastIndexOf(JinjaValues.ToText(a.Require(0, "sub")).Value, StringComparison.Ordinal),
        "count" => (_, a) => Split(text, a.Require(0, "sub"), -1L, fromEnd: false).Count - 1L,
        "upper" => (_, _) => text.Map(s => s.ToUpperInvariant()),
        "lower" => (_, _) => text.Map(s => s.ToLowerInvariant()),
        "title" => (_, _) => Title(text),
        "capitalize" => (_, _) => Capitalize(text),
        "isdigit" => (_, _) => text.Length > 0 && text.Value.All(char.IsDigit),
        "isalpha" => (_, _) => text.Length > 0 && text.Value.All(char.IsLetter),
        "isalnum" => (_, _) => text.Length > 0 && text.Value.All(char.IsLetterOrDigit),
        "isspace" => (_, _) => text.Length > 0 && text.Value.All(char.IsWhiteSpace),
        "isupper" => (_, _) => text.Value.Any(char.IsUpper) && !text.Value.Any(char.IsLower),
        "islower" => (_, _) => text.Value.Any(char.IsLower) && !text.Value.Any(char.IsUpper),
        _ => null,
    };

    public static TemplateText Strip(TemplateText text, object? characters, bool left, bool right)
    {
        var set = characters is null ? null : JinjaValues.ToText(characters).Value;
        var (start, end) = (0, text.Length);
        while (left && start < end && IsStripped(text.Value[start]))
        {
            start++;
        }

        while (right && end > start && IsStripped(text.Value[end - 1]))
        {
            end--;
        }

        return text.Slice(start, end - start);

        bool IsStripped(char c) => set is null ? char.IsWhiteSpace(c) : set.Contains(c, StringComparison.Ordinal);
    }

    public static TemplateText Replace(TemplateText text, object? old, object? by, object? count)
    {
        var (sought, replacement, left) = (JinjaValues.ToText(old), JinjaValues.ToText(by), JinjaValues.ToInteger(count));
        if (sought.Length == 0)
        {
            throw new JinjaException("replace needs a string that is not empty");
        }

        return Join(replacement, Split(text, sought, left, fromEnd: false));
    }

    public static TemplateText Join(TemplateText separator, IReadOnlyList<object?> parts)
    {
        var builder = new TemplateText.Builder();
        for (var i = 0; i < parts.Count; i++)
        {
            builder.Append(i == 0 ? TemplateText.Empty : separator).Append(JinjaValues.Print(parts[i]));
        }

        return builder.Build();
    }

    public static TemplateText Capitalize(TemplateText text) =>
        text.Map(s => s.Length == 0 ? s : char.ToUpperInvariant(s[0]) + s[1..].ToLowerInvariant());

    public static TemplateText Title(TemplateText text) => text.Map(s => string.Create(s.Length, s, (result, value) =>
    {
        for (var i = 0; i < value.Length; i++)
        {
            result[i] = i > 0 && char.IsLetter(value[i - 1]) ? char.ToLowerInvariant(value[i]) : char.ToUpperInvariant(value[i]);
        }
    }));

    /// <summary>The parts between separators; without one, the words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">The separator, or null for white space.</param>
    /// <param name="most">The most cuts; below 0 for all.</param>
    /// <param name="fromEnd">Whether cuts are made from the end on.</param>
    public static List<object?> Split(TemplateText text, object? separator, object? most, bool fromEnd)
    {
        if (separator is null)
        {
            return Words(text, JinjaValues.ToInteger(most), fromEnd);
        }

        var (sought, left) = (JinjaValues.ToText(separator).Value, JinjaValues.ToInteger(most));
        if (sought.Length == 0)
        {
            throw new JinjaException("split needs a separator that is not empty");
        }

        var parts = new List<object?>();
        var (start, end) = (0, text.Length);
        while (left-- != 0)
        {
            var at = fromEnd
                ? text.Value[..end].LastIndexOf(sought, StringComparison.Ordinal)
                : text.Value.IndexOf(sought, start, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            parts.Add(fromEnd ? text.Slice(at + sought.Length, end - at - sought.Length) : text.Slice(start, at - start));
            (start, end) = fromEnd ? (0, at) : (at + sought.Length, end);
        }

        parts.Add(text.Slice(start, end - start));
        if (fromEnd)
        {
            parts.Reverse();
        }

        return parts;
    }

    private static List<object?> Words(TemplateText text, long most, bool fromEnd)
    {
        var words = new List<object?>();
        var rest = Strip(text, null, left: !fromEnd, right: fromEnd);
        while (rest.Length > 0)
        {
            var cut = most-- == 0 ? -1
                : fromEnd ? rest.Value.AsSpan().LastIndexOfAny(s_whiteSpace)
                : rest.Value.AsSpan().IndexOfAny(s_whiteSpace);
            var (word, others) = cut < 0 ? (rest, TemplateText.Empty)
                : fromEnd ? (rest.Slice(cut + 1), rest.Slice(0, cut))
                : (rest.Slice(0, cut), rest.Slice(cut + 1));
            words.Add(word);
            rest = Strip(others, null, left: !fromEnd, right: fromEnd);
        }

        if (fromEnd)
        {
            words.Reverse();
        }

        return words;
    }

    private static List<object?> SplitLines(TemplateText text)
    {
        var lines = Split(text, TemplateText.FromData("\n"), -1L, fromEnd: false);
        if (lines[^1] is TemplateText { Length: 0 })
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return [.. lines.Select(l => (object?)Strip((TemplateText)l!, TemplateText.FromData("\r"), left: false, right: true))];
    }

    private static bool Any(JinjaArguments arguments, Func<string, bool> holds)
    {
        var parts = arguments.Require(0, "prefix");
        return parts is List<object?> several
            ? several.Exists(p => holds(JinjaValues.ToText(p).Value))
            : holds(JinjaValues.ToText(parts).Value);
    }
}
