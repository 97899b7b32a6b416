namespace Microscale.Guard.Grammar;

/// <summary>How much of which terminals was read: for each terminal that is still possible, what remains of it.</summary>
internal sealed class LexerState(int id, int[] terminals, RegexNode[] rests, int classes)
{
    public int Id { get; } = id;

    /// <summary>The terminals that are possible, by number.</summary>
    public int[] Terminals { get; } = terminals;

    /// <summary>What remains of each.</summary>
    public RegexNode[] Rests { get; } = rests;

    /// <summary>The terminals that may end here.</summary>
    public int[] Complete { get; } = [.. terminals.Where((_, i) => rests[i].Nullable)];

    /// <summary>A superset of the bytes that may follow.</summary>
    public ByteSet First { get; } = rests.Aggregate(ByteSet.Empty, (set, rest) => set | rest.First);

    /// <summary>The state after a byte of each class, as far as it is known.</summary>
    public LexerState?[] Next { get; } = new LexerState?[classes];
}
