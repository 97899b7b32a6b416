using System.Globalization;
using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>Writes values as JSON in the way of Python's <c>json.dumps(…, ensure_ascii=False)</c>, on which models are trained.</summary>
internal sealed class JinjaJson
{
    private const int MaxIndent = 16;
    private const int MaxDepth = 64;

    private readonly StringBuilder _output = new();
    private readonly int? _indent;
    private readonly bool _sorted;
    private readonly bool _ascii;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;
    private int _level;

    private JinjaJson(JinjaArguments options)
    {
        _indent = options.Named.GetValueOrDefault("indent") is { } blanks ? (int)Math.Clamp(JinjaValues.ToInteger(blanks), 0, MaxIndent) : null;
        _sorted = JinjaValues.IsTrue(options.Named.GetValueOrDefault("sort_keys"));
        _ascii = JinjaValues.IsTrue(options.Named.GetValueOrDefault("ensure_ascii"));
        (_itemSeparator, _keySeparator) = options.Named.GetValueOrDefault("separators") is not { } separators ? (_indent is null ? ", " : ",", ": ")
            : JinjaValues.ToList(separators) is [TemplateText item, TemplateText key] ? (item.Value, key.Value)
            : throw new JinjaException("separators are two strings");
    }

    /// <param name="value">The value.</param>
    /// <param name="options"><c>indent</c>, <c>separators</c>, <c>sort_keys</c>, <c>ensure_ascii</c>.</param>
    /// <exception cref="JinjaException">The value has no JSON, or an option is wrong.</exception>
    public static string Write(object? value, JinjaArguments options)
    {
        var json = new JinjaJson(options);
        json.Write(value);
        return json._output.ToString();
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                _output.Append("null");
                break;
            case bool b:
                _output.Append(b ? "true" : "false");
                break;
            case long l:
                _output.Append(l.ToString(CultureInfo.InvariantCulture));
                break;
            case double d:
                _output.Append(JinjaValues.Spell(d));
                break;
            case TemplateText text:
                WriteString(text.Value);
                break;
            case List<object?> list:
                WriteMembers('[', ']', list, Write);
                break;
            case JinjaMap map:
                WriteMembers('{', '}', (_sorted ? map.OrderBy(p => p.Key, StringComparer.Ordinal) : map.AsEnumerable()).ToList(), pair =>
                {
                    WriteString(pair.Key);
                    _output.Append(_keySeparator);
                    Write(pair.Value);
                });
                break;
            case JinjaUndefined undefined:
                throw undefined.Error;
            default:
                throw new JinjaException($"{JinjaValues.TypeName(value)} cannot be written as JSON");
        }
    }

    private void WriteMembers<T>(char open, char close, List<T> members, Action<T> write)
    {
        if (++_level > MaxDepth)
        {
            throw new JinjaException("the value lies too deeply in itself for JSON");
        }

        _output.Append(open);
        for (var i = 0; i < members.Count; i++)
        {
            _output.Append(i == 0 ? "" : _itemSeparator);
            NewLine(_level);
            write(members[i]);
        }

        _level--;
        if (members.Count > 0)
        {
            NewLine(_level);
        }

        _output.Append(close);
    }

    private void NewLine(int level)
    {
        if (_indent is { } blanks)
        {
            _output.Append('\n').Append(' ', blanks * level);
        }
    }

    private void WriteString(string text)
    {
        _output.Append('"');
        foreach (var c in text)
        {
            _output.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ when c < ' ' || (_ascii && c > '~') => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        _output.Append('"');
    }
}
