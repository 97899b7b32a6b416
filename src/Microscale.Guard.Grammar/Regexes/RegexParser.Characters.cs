using System.Globalization;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Escapes and classes of characters.</summary>
internal ref partial struct RegexParser
{
    private RegexSyntax Escape(int start)
    {
        if (AtEnd)
        {
            throw Error(start, "a backslash at the end escapes nothing; write \\\\ for the character.");
        }

        switch (_pattern[_at])
        {
            case 'b' or 'B':
                throw Error(start, "word boundaries are not supported; describe the neighbouring characters instead.");
            case >= '1' and <= '9' or 'k':
                throw Error(start, "backreferences are not regular and not supported.");
            case 'A':
                _at++;
                return new RegexSyntax.Start();
            case 'z' or 'Z':
                _at++;
                return new RegexSyntax.End();
            default:
                return new RegexSyntax.Character(ClassEscape(start) ?? CodePointSet.Of(CharacterEscape(start)));
        }
    }

    /// <summary>\d, \p{…} and their like, or null.</summary>
    private CodePointSet? ClassEscape(int start)
    {
        var letter = _pattern[_at];
        var set = letter switch
        {
            'd' or 'D' => UnicodeClasses.Digit,
            'w' or 'W' => UnicodeClasses.Word,
            's' or 'S' => UnicodeClasses.Space,
            'p' or 'P' => null,
            _ => CodePointSet.Empty,
        };
        if (set == CodePointSet.Empty)
        {
            return null;
        }

        _at++;
        set ??= Property(start);
        return char.IsAsciiLetterUpper(letter) ? set.Complement() : set;
    }

    private CodePointSet Property(int start)
    {
        string name;
        if (TryRead('{'))
        {
            var end = _pattern.IndexOf('}', _at);
            name = end < 0 ? throw Error(start, "the name of the property is not closed.") : _pattern[_at..end];
            _at = end + 1;
        }
        else
        {
            name = AtEnd ? throw Error(start, "\\p needs a name, as in \\p{L}.") : _pattern[_at++].ToString();
        }

        return UnicodeClasses.Category(name)
            ?? throw Error(start, $"'{name}' is not a general category of Unicode (such as L, Lu, Nd); scripts and other properties are not supported.");
    }

    private int CharacterEscape(int start)
    {
        var letter = _pattern[_at];
        switch (letter)
        {
            case 't':
                return Skip('\t');
            case 'n':
                return Skip('\n');
            case 'r':
                return Skip('\r');
            case 'f':
                return Skip('\f');
            case 'v':
                return Skip('\v');
            case 'a':
                return Skip('\a');
            case 'e':
                return Skip(0x1B);
            case '0':
                return Skip(0);
            case 'c' when _at + 1 < _pattern.Length && char.IsAsciiLetter(_pattern[_at + 1]):
                _at += 2;
                return _pattern[_at - 1] % 32;
            case 'x':
                _at++;
                return Hex(start, 2);
            case 'u':
                _at++;
                return UnicodeEscape(start);
            default:
                if (char.IsAsciiLetterOrDigit(letter))
                {
                    throw Error(start, $"\\{letter} is not an escape.");
                }

                return ReadCodePoint();
        }
    }

    private int UnicodeEscape(int start)
    {
        if (TryRead('{'))
        {
            var end = _pattern.IndexOf('}', _at);
            if (end < 0 || !int.TryParse(_pattern.AsSpan(_at, end - _at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value))
            {
                throw Error(start, "\\u{…} needs the hexadecimal number of a character.");
            }

            _at = end + 1;
            return value;
        }

        var unit = (char)Hex(start, 4);
        if (char.IsHighSurrogate(unit) && TryRead("\\u"))
        {
            var low = (char)Hex(start, 4);
            return char.IsLowSurrogate(low) ? char.ConvertToUtf32(unit, low) : throw Error(start, "the surrogate has no partner.");
        }

        return unit;
    }

    private int Hex(int start, int digits)
    {
        if (_at + digits > _pattern.Length
            || !int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw Error(start, $"{digits} hexadecimal digits must follow.");
        }

        _at += digits;
        return value;
    }

    private CodePointSet CharacterClass(int start)
    {
        var negative = TryRead('^');
        var ranges = new List<(int, int)>();
        while (!TryRead(']'))
        {
            var at = _at;
            if (ClassMember(start, ranges) is not { } first || AtEnd || _pattern[_at] != '-' || _at + 1 >= _pattern.Length || _pattern[_at + 1] == ']')
            {
                continue;
            }

            _at++;
            var last = ClassMember(start, ranges) ?? throw Error(at, "a range of characters cannot end with a class.");
            ranges.Add(first <= last ? (first, last) : throw Error(at, "the range of characters is in the wrong order."));
        }

        var set = CodePointSet.Of(ranges);
        return negative ? set.Complement() : set;
    }

    /// <summary>Reads a member into the ranges; returns its code point if it is a single one, which may begin a range.</summary>
    private int? ClassMember(int start, List<(int First, int Last)> ranges)
    {
        if (AtEnd)
        {
            throw Error(start, "the character class is not closed.");
        }

        int codePoint;
        var at = _at;
        if (!TryRead('\\'))
        {
            codePoint = ReadCodePoint();
        }
        else if (AtEnd)
        {
            throw Error(start, "the character class is not closed.");
        }
        else if (TryRead('b'))
        {
            codePoint = '\b';
        }
        else if (ClassEscape(at) is { } set)
        {
            ranges.AddRange(set.Ranges);
            return null;
        }
        else
        {
            codePoint = CharacterEscape(at);
        }

        ranges.Add((codePoint, codePoint));
        return codePoint;
    }

    private int Skip(int codePoint)
    {
        _at++;
        return codePoint;
    }
}
