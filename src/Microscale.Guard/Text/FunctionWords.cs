using System.Collections.Frozen;

namespace Microscale.Guard;

/// <summary>English words that carry grammar and not meaning; words of other languages all count. "May" and "mine" are not
/// among them: they are also a month and a pit.</summary>
internal static class FunctionWords
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = Set(
        """
        a an the this that these those there here
        i me my we us our ours you your yours he him his she her hers it its they them their theirs
        myself ourselves yourself himself herself itself themselves
        who whom whose which what when where why how
        am is are was were be been being do does did doing done has have had having
        will would shall should can could might must
        i'm i've i'd i'll you're you've we're we've they're they've he'd she'd they'd it'd that'll it'll there'd
        of in on at by for to from with without about into onto over under after before between during through among
        as than then and or but so if because while until although though however whether
        also too very just only both each either such same other own some any all most more many much few again further once now
        up down out off
        """);

    /// <summary>What search leaves out besides: a passage that denies something is about it as much as one that affirms it;
    /// and what an apostrophe leaves behind ("it's", "don't").</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Others = Set("no nor not s t");

    /// <summary>Whether a lower-case word is one. Negations are none: they turn a statement round.</summary>
    public static bool Contains(ReadOnlySpan<char> word) => Words.Contains(word);

    /// <summary>Whether a lower-case word says nothing of what a text is about: a function word or a negation.</summary>
    public static bool IsStopWord(ReadOnlySpan<char> word) => Words.Contains(word) || Others.Contains(word);

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
}
