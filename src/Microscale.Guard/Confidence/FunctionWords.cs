using System.Collections.Frozen;

namespace Microscale.Guard;

/// <summary>English words that carry grammar and not meaning. Negations, and "yes" and "no", are not among them: they turn
/// a statement round. Other languages have none here; all their words count.</summary>
internal static class FunctionWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        """
        a an the this that these those there here
        i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
        myself ourselves yourself himself herself itself themselves
        who whom whose which what when where why how
        am is are was were be been being do does did doing done has have had having
        will would shall should can could may might must
        i'm i've i'd i'll you're you've we're we've they're they've he'd she'd they'd it'd that'll it'll there'd
        of in on at by for to from with without about into onto over under after before between during through among
        as than then and or but so if because while until although though however whether
        also too very just only both each either such same other own some any all most more many much few again further once
        up down out off
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>Whether a lower-case word is one.</summary>
    public static bool Contains(string word) => Words.Contains(word);
}
