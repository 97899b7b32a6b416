using System.Globalization;
using System.Text;

namespace Microscale.Guard.Onnx;

internal enum JinjaTokenKind
{
    Text,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}

internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Value, int Offset);

/// <summary>Cuts a template into tokens, with white space cut as chat templates expect it: a line break after a block goes
/// (trim_blocks), and so do blanks before a block that begins a line (lstrip_blocks).</summary>
internal sealed class JinjaLexer
{
    private static readonly string[] s_operators =
        ["**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(", ")", "[", "]", "{", "}", "<", ">", "="];

    private readonly string _source;
    private readonly List<JinjaToken> _tokens = [];
    private int _at;

    private JinjaLexer(string source) => _source = source;

    /// <summary>The tokens of a template.</summary>
    /// <exception cref="JinjaException">A tag or a string does not end, or a character cannot be there.</exception>
    public static List<JinjaToken> Read(string source)
    {
        var lexer = new JinjaLexer(source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        // The last line break is the file's, not the text's.
        var end = _source.EndsWith('\n') ? _source.Length - 1 : _source.Length;
        var lineStarts = true;
        while (_at < end)
        {
            var begin = NextTag(end);
            var text = _source[_at..begin];
            if (begin == end)
            {
                AddText(text);
                break;
            }

            var opening = _source[begin + 1];
            var sign = begin + 2 < end ? _source[begin + 2] : ' ';
            AddText(sign == '-' ? text.TrimEnd() : opening != '{' && sign != '+' ? TrimIndent(text, lineStarts) : text);
            var inner = begin + (sign is '-' or '+' ? 3 : 2);
            _at = inner;
            if (opening == '#')
            {
                var close = _source.IndexOf("#}", inner, StringComparison.Ordinal);
                _at = close >= 0 ? close + 2 : throw new JinjaException("the comment does not end: add '#}'", begin);
                SkipAfterTag(close, trimsLine: true);
            }
            else if (opening == '%' && IsRaw())
            {
                ReadRaw(begin);
            }
            else
            {
                ReadTag(begin, opening == '%');
            }

            lineStarts = _source[_at - 1] == '\n';
        }

        Add(JinjaTokenKind.End, "", _source.Length);
    }

    private int NextTag(int end)
    {
        for (var at = _source.IndexOf('{', _at); at >= 0 && at + 1 < end; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return end;
    }

    private static string TrimIndent(string text, bool lineStarts)
    {
        var line = text.LastIndexOf('\n') + 1;
        return (line > 0 || lineStarts) && string.IsNullOrWhiteSpace(text[line..]) ? text[..line] : text;
    }

    /// <summary>Skips what white space control takes after a tag whose end mark begins at <paramref name="close"/>.</summary>
    private void SkipAfterTag(int close, bool trimsLine)
    {
        var sign = _source[close - 1];
        if (sign == '-')
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
            {
                _at++;
            }
        }
        else if (trimsLine && sign != '+' && _at < _source.Length && _source[_at] == '\n')
        {
            _at++;
        }
    }

    private bool IsRaw()
    {
        var word = _source.AsSpan(_at).TrimStart();
        return word.StartsWith("raw", StringComparison.Ordinal) && word[3..].TrimStart(" -+\t\r\n").StartsWith("%}", StringComparison.Ordinal);
    }

    private void ReadRaw(int begin)
    {
        var close = _source.IndexOf("%}", _at, StringComparison.Ordinal);
        _at = close + 2;
        SkipAfterTag(close, trimsLine: true);
        for (var tag = _source.IndexOf("{%", _at, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var word = _source.AsSpan(tag + 2).TrimStart(" -+\t\r\n");
            if (word.StartsWith("endraw", StringComparison.Ordinal))
            {
                var text = _source[_at..tag];
                AddText(_source[tag + 2] == '-' ? text.TrimEnd() : TrimIndent(text, lineStarts: false));
                close = _source.IndexOf("%}", tag, StringComparison.Ordinal);
                if (close >= 0)
                {
                    _at = close + 2;
                    SkipAfterTag(close, trimsLine: true);
                    return;
                }
            }
        }

        throw new JinjaException("the raw block does not end: add '{% endraw %}'", begin);
    }

    private void ReadTag(int begin, bool block)
    {
        Add(block ? JinjaTokenKind.BlockBegin : JinjaTokenKind.VariableBegin, "", begin);
        var end = block ? "%}" : "}}";
        var open = new Stack<char>();
        while (true)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
            {
                _at++;
            }

            if (_at >= _source.Length)
            {
                throw new JinjaException($"the tag does not end: add '{end}'", begin);
            }

            var signed = _source[_at] is '-' or '+' ? 1 : 0;
            if (open.Count == 0 && string.CompareOrdinal(_source, _at + signed, end, 0, 2) == 0)
            {
                Add(block ? JinjaTokenKind.BlockEnd : JinjaTokenKind.VariableEnd, "", _at);
                var close = _at + signed;
                _at = close + 2;
                SkipAfterTag(close, trimsLine: block);
                return;
            }

            ReadToken(open);
        }
    }

    private void ReadToken(Stack<char> open)
    {
        var (start, first) = (_at, _source[_at]);
        if (first is '\'' or '"')
        {
            ReadString(first);
        }
        else if (char.IsAsciiDigit(first))
        {
            ReadNumber();
        }
        else if (char.IsLetter(first) || first == '_')
        {
            while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_'))
            {
                _at++;
            }

            Add(JinjaTokenKind.Name, _source[start.._at], start);
        }
        else
        {
            var symbol = Array.Find(s_operators, o => string.CompareOrdinal(_source, _at, o, 0, o.Length) == 0)
                ?? throw new JinjaException($"the character '{first}' cannot be here", _at);
            if (first is '(' or '[' or '{')
            {
                open.Push(first == '(' ? ')' : first == '[' ? ']' : '}');
            }
            else if (first is ')' or ']' or '}' && (!open.TryPop(out var expected) || expected != first))
            {
                throw new JinjaException($"'{first}' closes nothing", _at);
            }

            _at += symbol.Length;
            Add(JinjaTokenKind.Operator, symbol, start);
        }
    }

    private void ReadNumber()
    {
        var start = _at;
        SkipDigits();
        var isFloat = _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]);
        if (isFloat)
        {
            _at++;
            SkipDigits();
        }

        var value = _source[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (!isFloat && !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new JinjaException($"the number {value} is too large", start);
        }

        Add(isFloat ? JinjaTokenKind.Float : JinjaTokenKind.Integer, value, start);
    }

    private void SkipDigits()
    {
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_'))
        {
            _at++;
        }
    }

    private void ReadString(char quote)
    {
        var start = _at++;
        var value = new StringBuilder();
        while (_at < _source.Length && _source[_at] != quote)
        {
            if (_source[_at] == '\\' && _at + 1 < _source.Length)
            {
                ReadEscape(value);
            }
            else
            {
                value.Append(_source[_at++]);
            }
        }

        if (_at++ >= _source.Length)
        {
            throw new JinjaException("the string does not end", start);
        }

        Add(JinjaTokenKind.String, value.ToString(), start);
    }

    private void ReadEscape(StringBuilder value)
    {
        var code = _source[_at + 1];
        var digits = code switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_at + 2 + digits > _source.Length
                || !int.TryParse(_source.AsSpan(_at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var scalar)
                || (digits == 8 && !Rune.IsValid(scalar)))
            {
                throw new JinjaException($"'\\{code}' needs {digits} hexadecimal digits of a character", _at);
            }

            value.Append(digits == 8 ? new Rune(scalar).ToString() : ((char)scalar).ToString());
        }
        else
        {
            value.Append(code switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                'b' => "\b",
                'f' => "\f",
                'a' => "\a",
                'v' => "\v",
                '0' => "\0",
                '\\' or '\'' or '"' => code.ToString(),
                '\n' => "",
                _ => $"\\{code}",
            });
        }

        _at += 2 + digits;
    }

    private void AddText(string text)
    {
        if (text.Length > 0)
        {
            Add(JinjaTokenKind.Text, text, _at);
        }
    }

    private void Add(JinjaTokenKind kind, string value, int offset) => _tokens.Add(new JinjaToken(kind, value, offset));
}
