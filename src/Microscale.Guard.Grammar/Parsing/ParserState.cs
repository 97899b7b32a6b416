namespace Microscale.Guard.Grammar;

/// <summary>All that the text so far leaves possible. Its transitions and its mask are filled in as they are asked for, under the
/// lock of the grammar, and may be read at any time.</summary>
internal sealed class ParserState(int id, (ParserRow Row, LexerState Lexer)[] threads, bool isAccepting, int classes)
{
    public int Id { get; } = id;

    /// <summary>The terminals under way: the row where they began, and how much was read.</summary>
    public (ParserRow Row, LexerState Lexer)[] Threads { get; } = threads;

    /// <summary>Whether the text may end here.</summary>
    public bool IsAccepting { get; } = isAccepting;

    /// <summary>The state after a byte of each class, as far as it is known.</summary>
    public ParserState?[] Next { get; } = new ParserState?[classes];

    /// <summary>The tokens that may follow, once they are known.</summary>
    public uint[]? Mask { get; set; }
}
