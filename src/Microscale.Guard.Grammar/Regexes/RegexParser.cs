using System.Globalization;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Reads patterns of ECMA-262 with the flag u, as far as they describe regular languages, and what .NET adds without
/// changing the meaning (named groups, comments, \A, \z).</summary>
internal ref partial struct RegexParser
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

    private int ReadCodePoint()
    {
        if (Rune.DecodeFromUtf16(_pattern.AsSpan(_at), out var rune, out var width) != System.Buffers.OperationStatus.Done)
        {
            throw Error(_at, "half of a surrogate pair.");
        }

        _at += width;
        return rune.Value;
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
