namespace Microscale.Guard;

/// <summary>A statement in an answer that can be true or false.</summary>
/// <param name="Text">The statement, as it is verified; may complete a fragment with words of the question.</param>
/// <param name="Start">The index of its first UTF-16 unit in the text of the answer.</param>
/// <param name="Length">Its length there, in UTF-16 units.</param>
public sealed record Claim(string Text, int Start, int Length)
{
    /// <summary>The index after its last UTF-16 unit in the text of the answer.</summary>
    public int End => Start + Length;

    /// <summary>The numbers of the evidence, from 1, that are cited in or right after its sentence ("[2]", "[1, 3]").</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<int> Citations { get; init; } = [];
}
