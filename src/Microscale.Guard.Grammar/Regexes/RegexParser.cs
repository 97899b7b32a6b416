using System.Globalization;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Reads patterns of ECMA-262 with the flag u, as far as they describe regular languages, and what .NET adds without
/// changing the meaning (named groups, comments, \A, \z).</summary>
internal ref struct RegexParser
{
    private const int MaxBound = 1_000_000_000;
    private const int MaxExpandedAssertions = 16;

    private readonly string _pattern;
    private int _at;

    private RegexParser(string pattern) => _pattern = pattern;

    private readonly bool AtEnd => _at == _pattern.Length;

    public static RegexSyntax Parse(string pattern)
    {
        var parser = new RegexParser(pattern);
        var result = parser.Alternation();
        return parser.AtEnd ? result : throw parser.Error(parser._at, "')' closes no group; write \\) for the character.");
    }

    private RegexSyntax Alternation()
    {
        RecursionGuard.Check();
        var items = new List<RegexSyntax> { Sequence() };
        while (TryRead('|'))
        {
            items.Add(Sequence());
        }

        return items is [var only] ? only : new RegexSyntax.Alternation(items);
    }

    private RegexSyntax Sequence()
    {
        var items = new List<RegexSyntax>();
        while (!AtEnd && _pattern[_at] is not ('|' or ')'))
        {
            var start = _at;
            if (Atom() is { } atom)
            {
                items.Add(Quantified(atom, start));
            }
        }

        return items is [var only] ? only : new RegexSyntax.Sequence(items);
    }

    private RegexSyntax Quantified(RegexSyntax atom, int start)
    {
        var at = _at;
        if (!TryReadQuantifier(out var min, out var max))
        {
            return atom;
        }

        if (max < min)
        {
            throw Error(at, "the bounds of the repetition are in the wrong order.");
        }

        if (atom.HasAssertions && max > MaxExpandedAssertions)
        {
            throw Error(start, "an anchor or lookahead inside of a repetition is not supported; move it out of the repetition.");
        }

        // Lazy or not, the strings are the same.
        TryRead('?');
        if (!AtEnd && _pattern[_at] == '+')
        {
            throw Error(_at, "possessive repetitions are not supported; leave the second '+' out.");
        }

        at = _at;
        if (TryReadQuantifier(out _, out _))
        {
            throw Error(at, "a repetition of a repetition needs a group.");
        }

        return new RegexSyntax.Repetition(atom, min, max);
    }

    private bool TryReadQuantifier(out int min, out int max)
    {
        (min, max) = (0, RegexNode.Unbounded);
        if (AtEnd)
        {
            return false;
        }

        switch (_pattern[_at])
        {
            case '*':
                _at++;
                return true;
            case '+':
                (_at, min) = (_at + 1, 1);
                return true;
            case '?':
                (_at, max) = (_at + 1, 1);
                return true;
            case '{':
                var start = _at++;
                if (TryReadNumber(out min))
                {
                    max = min;
                    if (TryRead(',') && !TryReadNumber(out max))
                    {
                        max = RegexNode.Unbounded;
                    }

                    if (TryRead('}'))
                    {
                        return true;
                    }
                }

                // As in all dialects, a brace that begins no bounds is a character.
                _at = start;
                return false;
            default:
                return false;
        }
    }

    private bool TryReadNumber(out int number)
    {
        var start = _at;
        while (!AtEnd && char.IsAsciiDigit(_pattern[_at]))
        {
            _at++;
        }

        number = 0;
        if (_at == start)
        {
            return false;
        }

        return int.TryParse(_pattern.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out number) && number <= MaxBound
            ? true
            : throw Error(start, $"the bound is larger than {MaxBound}.");
    }

    private RegexSyntax? Atom()
    {
        var start = _at;
        switch (_pattern[_at++])
        {
            case '(':
                return Group(start);
            case '[':
                return new RegexSyntax.Character(CharacterClass(start));
            case '.':
                return new RegexSyntax.Character(UnicodeClasses.Dot);
            case '^':
                return new RegexSyntax.Start();
            case '$':
                return new RegexSyntax.End();
            case '*' or '+' or '?':
                throw Error(start, $"'{_pattern[start]}' repeats nothing; write \\{_pattern[start]} for the character.");
            case '\\':
                return Escape(start);
            default:
                _at = start;
                return new RegexSyntax.Character(CodePointSet.Of(ReadCodePoint()));
        }
    }

    private RegexSyntax? Group(int start)
    {
        var wrap = (RegexSyntax inner) => inner;
        if (TryRead('?'))
        {
            if (TryRead("#"))
            {
                var end = _pattern.IndexOf(')', _at);
                _at = end < 0 ? throw Error(start, "the comment is not closed.") : end + 1;
                return null;
            }

            if (TryRead("="))
            {
                wrap = inner => new RegexSyntax.Lookahead(inner, Negative: false);
            }
            else if (TryRead("!"))
            {
                wrap = inner => new RegexSyntax.Lookahead(inner, Negative: true);
            }
            else if (TryRead("<=") || TryRead("<!"))
            {
                throw Error(start, "lookbehind is not supported; describe what may stand before instead.");
            }
            else if (TryRead(">"))
            {
                throw Error(start, "atomic groups are not supported; use (?:…).");
            }
            else if (!TryRead(":"))
            {
                GroupName(start);
            }
        }

        var item = wrap(Alternation());
        return TryRead(')') ? item : throw Error(start, "the group is not closed.");
    }

    private void GroupName(int start)
    {
        TryRead('P');
        var close = TryRead('<') ? '>' : TryRead('\'') ? '\'' : throw Error(start, "inline flags and conditions are not supported; write both cases as classes such as [aA].");
        var end = _pattern.IndexOf(close, _at);
        _at = end < 0 ? throw Error(start, "the name of the group is not closed.") : end + 1;
    }

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

    private int ReadCodePoint()
    {
        if (Rune.DecodeFromUtf16(_pattern.AsSpan(_at), out var rune, out var width) != System.Buffers.OperationStatus.Done)
        {
            throw Error(_at, "half of a surrogate pair.");
        }

        _at += width;
        return rune.Value;
    }

    private int Skip(int codePoint)
    {
        _at++;
        return codePoint;
    }

    private bool TryRead(char c)
    {
        if (AtEnd || _pattern[_at] != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool TryRead(string text)
    {
        if (!_pattern.AsSpan(_at).StartsWith(text, StringComparison.Ordinal))
        {
            return false;
        }

        _at += text.Length;
        return true;
    }

    private readonly GrammarSyntaxException Error(int position, string problem) => new(_pattern, position, problem);
}
