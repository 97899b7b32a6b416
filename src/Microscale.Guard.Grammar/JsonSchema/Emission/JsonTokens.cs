using System.Globalization;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>How JSON's marks and texts are written, with the white space that is allowed around them.</summary>
internal sealed class JsonTokens
{
    private readonly RegexBuilder _regexes;

    public JsonTokens(RegexBuilder regexes, JsonSchemaGrammarOptions options)
    {
        _regexes = regexes;
        var none = regexes.Epsilon;
        var space = options.Whitespace switch
        {
            JsonWhitespace.Flexible => regexes.Repeat(regexes.Bytes(ByteSet.Of(" \t\r\n")), 0, options.MaxWhitespace),
            JsonWhitespace.Compact => regexes.Optional(regexes.Literal(" ")),
            _ => none,
        };
        var around = options.Whitespace == JsonWhitespace.Flexible ? space : none;
        Comma = regexes.Concat(around, regexes.Literal(","), space);
        Colon = regexes.Concat(around, regexes.Literal(":"), space);
        OpenObject = regexes.Concat(regexes.Literal("{"), around);
        CloseObject = regexes.Concat(around, regexes.Literal("}"));
        EmptyObject = regexes.Concat(OpenObject, regexes.Literal("}"));
        OpenArray = regexes.Concat(regexes.Literal("["), around);
        CloseArray = regexes.Concat(around, regexes.Literal("]"));
        EmptyArray = regexes.Concat(OpenArray, regexes.Literal("]"));
    }

    public RegexNode Comma { get; }

    public RegexNode Colon { get; }

    public RegexNode OpenObject { get; }

    public RegexNode CloseObject { get; }

    public RegexNode EmptyObject { get; }

    public RegexNode OpenArray { get; }

    public RegexNode CloseArray { get; }

    public RegexNode EmptyArray { get; }

    /// <summary>The JSON strings of some texts. Listed texts have one spelling, so that a model need not choose.</summary>
    public RegexNode Strings(TextSet texts)
    {
        if (texts.Values is { } values) return _regexes.Literals(values.Select(Quote));
        var quote = _regexes.Literal("\"");
        return _regexes.Concat(quote, _regexes.JsonEscaped(texts.Regex!), quote);
    }

    /// <summary>A text as a JSON string, escaped where it has to be.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }
}
