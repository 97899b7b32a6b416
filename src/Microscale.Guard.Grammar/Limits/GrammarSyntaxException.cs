namespace Microscale.Guard.Grammar;

/// <summary>The text of a grammar or pattern is wrong, or asks for what cannot be decoded.</summary>
public sealed class GrammarSyntaxException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GrammarSyntaxException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and what to change.</param>
    public GrammarSyntaxException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and what to change.</param>
    /// <param name="innerException">The cause.</param>
    public GrammarSyntaxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal GrammarSyntaxException(string text, int position, string problem)
        : base(Describe(text, position, problem))
    {
        Position = position;
        (Line, Column) = Locate(text, position);
    }

    /// <summary>Where in the text, counted in UTF-16 units from 0; -1 when it is not known.</summary>
    public int Position { get; } = -1;

    /// <summary>The line, counted from 1; 0 when it is not known.</summary>
    public int Line { get; }

    /// <summary>The column, counted in UTF-16 units from 1; 0 when it is not known.</summary>
    public int Column { get; }

    private static string Describe(string text, int position, string problem)
    {
        var (line, column) = Locate(text, position);
        return text.Contains('\n', StringComparison.Ordinal)
            ? $"Line {line}, column {column}: {problem}"
            : $"Position {position} of '{text}': {problem}";
    }

    private static (int Line, int Column) Locate(string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
