using System.Collections.Frozen;

namespace Microscale.Guard;

/// <summary>Words before a full stop that need not end a sentence. English; compared without case, without the last stop.</summary>
internal static class Abbreviations
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Leading = Set(
        "dr mr mrs ms mx messrs mme mlle prof ste gen rep sen gov lt col capt cpt cmdr sgt maj adm rev hon pres supt "
        + "e.g i.e eg ie cf vs v viz approx ca c.f resp incl excl esp");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Numbered = Set(
        "no nos nr fig figs eq eqs sec secs vol vols ch chap pt art p pp pg par para app tab ed "
        + "jan feb mar apr jun jul aug sep sept oct nov dec");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Closing = Set(
        "inc ltd st ft mt co corp llc plc bros jr sr esq etc al dept est assn univ ave blvd rd hwy u.s u.k u.n e.u a.m p.m b.c a.d ph.d "
        + "m.d b.a m.a d.c sq oz lb lbs hr hrs min kg km cm mm");

    /// <summary>Only words that begin sentences often and names seldom ("U.S. Under Secretary"), so not all function words.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Starters = Set(
        "the a an it he she they this that these those in on at as for if when while after before also some many most we i you "
        + "there his her its their my our your however but and or so yet although though because since during from by to with "
        + "what who where why how is are was were no not one two all both each then today here");

    /// <summary>Whether the word always leads on to what follows ("Dr.", "e.g.").</summary>
    public static bool LeadsOn(ReadOnlySpan<char> word) => Leading.Contains(word);

    /// <summary>Whether the word leads on to a number ("No. 5", "Jan. 3"), and ends a sentence before anything else.</summary>
    public static bool LeadsToNumber(ReadOnlySpan<char> word) => Numbered.Contains(word);

    /// <summary>Whether the word may stand in the middle of a sentence as well as at its end ("Inc.", "U.S.", an initial).</summary>
    public static bool MayEnd(ReadOnlySpan<char> word) =>
        (word.Length == 1 && char.IsLetter(word[0])) || IsDotted(word) || Closing.Contains(word);

    /// <summary>Whether a capitalised word after an abbreviation is more likely the start of a sentence than a name.</summary>
    public static bool StartsSentence(ReadOnlySpan<char> word) => Starters.Contains(word);

    private static bool IsDotted(ReadOnlySpan<char> word)
    {
        if (word.Length < 3)
        {
            return false;
        }

        for (var i = 1; i < word.Length; i += 2)
        {
            if (word[i] != '.')
            {
                return false;
            }
        }

        return word.Length % 2 == 1;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
