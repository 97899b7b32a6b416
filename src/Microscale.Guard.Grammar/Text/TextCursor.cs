using System.Globalization;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Reads the words that grammars are written in.</summary>
internal sealed class TextCursor(string text, string comment)
{
    public string Text { get; } = text;

    public int Position { get; private set; }

    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return Position == Text.Length;
        }
    }

    /// <summary>The position, to come back to.</summary>
    public int Save() => Position;

    public void Restore(int position) => Position = position;

    public bool TryRead(string word)
    {
        SkipSpace();
        if (!Text.AsSpan(Position).StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        Position += word.Length;
        return true;
    }

    /// <summary>The next character without space before it, or NUL.</summary>
    public char Peek()
    {
        SkipSpace();
        return PeekNext();
    }

    /// <summary>The very next character, or NUL.</summary>
    public char PeekNext() => Position < Text.Length ? Text[Position] : '\0';

    public void Expect(string word, string after)
    {
        if (!TryRead(word))
        {
            throw Error($"'{word}' must follow {after}.");
        }
    }

    /// <summary>A name of letters, digits and the given signs, or null.</summary>
    public string? TryReadName(string signs)
    {
        SkipSpace();
        var start = Position;
        while (Position < Text.Length && (char.IsAsciiLetterOrDigit(Text[Position]) || signs.Contains(Text[Position], StringComparison.Ordinal)))
        {
            Position++;
        }

        return Position > start ? Text[start..Position] : null;
    }

    public int? TryReadNumber()
    {
        SkipSpace();
        var start = Position;
        while (Position < Text.Length && char.IsAsciiDigit(Text[Position]))
        {
            Position++;
        }

        return Position == start ? null
            : int.TryParse(Text.AsSpan(start, Position - start), CultureInfo.InvariantCulture, out var number) ? number
            : throw Error("the number is too large.", start);
    }

    /// <summary>A text in double quotes, with escapes.</summary>
    public string ReadQuoted()
    {
        var start = Position;
        Position++;
        var value = new StringBuilder();
        while (true)
        {
            switch (PeekNext())
            {
                case '\0' when Position == Text.Length:
                case '\n':
                    throw Error("the quoted text is not closed on its line.", start);
                case '"':
                    Position++;
                    return value.ToString();
                case '\\':
                    value.Append(Escape());
                    break;
                default:
                    value.Append(Text[Position++]);
                    break;
            }
        }
    }

    /// <summary>A part between two signs in which a backslash protects the closing one; the signs are left out.</summary>
    public string ReadUntil(char close, string what)
    {
        var start = Position++;
        while (PeekNext() != close)
        {
            if (PeekNext() is '\n' || Position + 1 >= Text.Length)
            {
                throw Error($"{what} is not closed on its line.", start);
            }

            Position += Text[Position] == '\\' ? 2 : 1;
        }

        return Text[(start + 1)..Position++];
    }

    /// <summary>Parses a part as a regular expression; errors say where in the whole text they are.</summary>
    public RegexSyntax ParsePattern(string pattern, int position)
    {
        try
        {
            return RegexParser.Parse(pattern);
        }
        catch (GrammarSyntaxException e) when (e.Problem is { } problem)
        {
            throw Error(problem, position + e.Position);
        }
    }

    /// <summary>The bounds in braces, after the opening one.</summary>
    public (int Min, int Max) ReadBounds()
    {
        var start = Position - 1;
        var min = TryReadNumber();
        var max = TryRead(",") ? TryReadNumber() ?? RegexNode.Unbounded : min;
        Expect("}", "the bounds of a repetition");
        return max is { } bound && (min ?? 0) <= bound ? (min ?? 0, bound) : throw Error("the bounds of the repetition are missing or in the wrong order.", start);
    }

    public GrammarSyntaxException Error(string problem, int? position = null) => new(Text, position ?? Position, problem);

    private string Escape()
    {
        var start = Position++;
        var letter = PeekNext();
        Position++;
        return letter switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'f' => "\f",
            'v' => "\v",
            'b' => "\b",
            '0' => "\0",
            'x' => Code(2),
            'u' => Code(4),
            'U' => Code(8),
            _ when char.IsAsciiLetterOrDigit(letter) || letter == '\0' => throw Error($"\\{letter} is not an escape.", start),
            _ => letter.ToString(),
        };

        string Code(int digits)
        {
            if (Position + digits > Text.Length
                || !int.TryParse(Text.AsSpan(Position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                || (!Rune.IsValid(value) && digits == 8))
            {
                throw Error($"{digits} hexadecimal digits of a character must follow.", start);
            }

            Position += digits;
            return digits == 8 ? new Rune(value).ToString() : ((char)value).ToString();
        }
    }

    private void SkipSpace()
    {
        while (Position < Text.Length)
        {
            if (char.IsWhiteSpace(Text[Position]))
            {
                Position++;
            }
            else if (Text.AsSpan(Position).StartsWith(comment, StringComparison.Ordinal))
            {
                var end = Text.IndexOf('\n', Position);
                Position = end < 0 ? Text.Length : end;
            }
            else
            {
                return;
            }
        }
    }
}
