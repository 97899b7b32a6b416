using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microscale.Guard.Onnx;

/// <summary>Changes a text before it is cut.</summary>
internal delegate string TextNormalizer(string text);

/// <summary>The normalizers of tokenizer.json files.</summary>
/// <remarks>In globalization-invariant mode .NET normalizes nothing, so a letter with a combining mark after it then stays two
/// characters. Its tokens spell the same text, but are others than those of one character.</remarks>
internal static class TextNormalizers
{
    /// <exception cref="FormatException">A normalizer is not supported.</exception>
    public static TextNormalizer Read(IReadOnlyList<JsonElement> parts)
    {
        TextNormalizer[] steps = [.. parts.Select(Read)];
        return text => steps.Aggregate(text, (t, step) => step(t));
    }

    private static TextNormalizer Read(JsonElement part) => JsonParts.TypeOf(part) switch
    {
        "NFC" => text => Unicode(text, NormalizationForm.FormC),
        "NFD" => text => Unicode(text, NormalizationForm.FormD),
        "NFKC" => text => Unicode(text, NormalizationForm.FormKC),
        "NFKD" => text => Unicode(text, NormalizationForm.FormKD),
        "Lowercase" => text => text.ToLowerInvariant(),
        "Prepend" => Prepend(part.GetProperty("prepend").GetString()!),
        "Replace" => Replace(part.GetProperty("pattern"), part.GetProperty("content").GetString()!),
        "Strip" => Strip(JsonParts.Flag(part, "strip_left", true), JsonParts.Flag(part, "strip_right", true)),
        var type => throw new FormatException($"its normalizer '{type}' is not supported"),
    };

    private static TextNormalizer Prepend(string start) => text => text.Length == 0 ? text : start + text;

    private static TextNormalizer Strip(bool left, bool right) => text => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        _ => text,
    };

    private static TextNormalizer Replace(JsonElement pattern, string content)
    {
        if (JsonParts.Text(pattern, "String") is { } plain)
        {
            return text => text.Replace(plain, content, StringComparison.Ordinal);
        }

        var regex = new Regex(pattern.GetProperty("Regex").GetString()!, RegexOptions.CultureInvariant);
        return text => regex.Replace(text, _ => content);
    }

    /// <summary>Half of a surrogate pair has no normal form; such a text stays as it is.</summary>
    private static string Unicode(string text, NormalizationForm form)
    {
        try
        {
            return text.IsNormalized(form) ? text : text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
