using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microscale.Guard.Onnx;

/// <summary>Cuts a text into pieces that are encoded one by one.</summary>
/// <param name="text">The text, or a part of it.</param>
/// <param name="isFirst">Whether it begins where the whole text begins.</param>
internal delegate IEnumerable<string> TextSplitter(string text, bool isFirst);

/// <summary>The pre-tokenizers of tokenizer.json files.</summary>
internal static partial class TextSplitters
{
    /// <exception cref="FormatException">A pre-tokenizer is not supported.</exception>
    public static TextSplitter Read(IReadOnlyList<JsonElement> parts)
    {
        TextSplitter[] steps = [.. parts.Select(Read)];
        return (text, isFirst) => steps.Aggregate(
            (IEnumerable<string>)[text],
            (pieces, step) => pieces.SelectMany((piece, i) => step(piece, isFirst && i == 0)));
    }

    private static TextSplitter Read(JsonElement part) => JsonParts.TypeOf(part) switch
    {
        "ByteLevel" => ByteLevel(JsonParts.Flag(part, "add_prefix_space", true), JsonParts.Flag(part, "use_regex", true)),
        "Digits" => By(JsonParts.Flag(part, "individual_digits", false) ? Digit() : Digits(), PatternSplitter.Isolated),
        "Split" => Split(part),
        "Metaspace" => Metaspace(part),
        "Whitespace" => By(Words(), PatternSplitter.Removed, invert: true),
        "WhitespaceSplit" => By(WhiteSpace(), PatternSplitter.Removed),
        "Punctuation" => By(Punctuation(), JsonParts.Text(part, "behavior") ?? PatternSplitter.Isolated),
        var type => throw new FormatException($"its pre-tokenizer '{type}' is not supported"),
    };

    private static TextSplitter ByteLevel(bool addsBlank, bool usesPattern)
    {
        var split = By(Gpt2(), PatternSplitter.Isolated);
        return (text, isFirst) =>
        {
            var spaced = addsBlank && text.Length > 0 && text[0] != ' ' ? ' ' + text : text;
            return usesPattern ? split(spaced, isFirst) : [spaced];
        };
    }

    private static TextSplitter Split(JsonElement part)
    {
        var pattern = part.GetProperty("pattern");
        var text = JsonParts.Text(pattern, "String") is { } plain ? Regex.Escape(plain) : pattern.GetProperty("Regex").GetString()!;
        try
        {
            return By(
                new Regex(text, RegexOptions.CultureInvariant | RegexOptions.Compiled),
                JsonParts.Text(part, "behavior") ?? PatternSplitter.Isolated,
                JsonParts.Flag(part, "invert", false));
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"the pattern of its pre-tokenizer is not supported: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static TextSplitter By(Regex pattern, string behavior, bool invert = false)
    {
        var splitter = new PatternSplitter(pattern, behavior, invert);
        return (text, _) => splitter.Split(text);
    }

    /// <summary>Writes blanks as '▁', puts one before the text, and cuts before each.</summary>
    private static TextSplitter Metaspace(JsonElement part)
    {
        var blank = JsonParts.Text(part, "replacement") ?? ByteFallback.Blank.ToString();
        var scheme = JsonParts.Text(part, "prepend_scheme") ?? (JsonParts.Flag(part, "add_prefix_space", true) ? "always" : "never");
        var splitter = JsonParts.Flag(part, "split", true) ? new PatternSplitter(new Regex(Regex.Escape(blank)), PatternSplitter.MergedWithNext, invert: false) : null;
        return (text, isFirst) =>
        {
            var marked = text.Replace(" ", blank, StringComparison.Ordinal);
            if (scheme == "always" || (scheme == "first" && isFirst))
            {
                marked = marked.StartsWith(blank, StringComparison.Ordinal) ? marked : blank + marked;
            }

            return splitter?.Split(marked) ?? [marked];
        };
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2();

    [GeneratedRegex(@"\p{N}", RegexOptions.CultureInvariant)]
    private static partial Regex Digit();

    [GeneratedRegex(@"\p{N}+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\w+|[^\w\s]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"[\p{P}$+<=>^`|~]", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();
}
