using System.Collections.Frozen;

namespace Microscale.Guard;

/// <summary>English function words, which say nothing of what a text is about. Question words are among them: a passage
/// that answers "who" seldom says "who".</summary>
internal static class EnglishStopWords
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = FrozenSet.ToFrozenSet(
        [
            "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at",
            "be", "because", "been", "before", "being", "both", "but", "by",
            "can", "could", "did", "do", "does", "doing", "during", "each",
            "for", "from", "further", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how",
            "i", "if", "in", "into", "is", "it", "its", "itself", "just", "me", "more", "most", "my", "myself",
            "no", "nor", "not", "now", "of", "on", "once", "only", "or", "other", "our", "ours", "out", "own",
            "s", "same", "she", "should", "so", "some", "such", "t", "than", "that", "the", "their", "theirs", "them",
            "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "us",
            "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why",
            "will", "with", "would", "you", "your", "yours",
        ],
        StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => Words.Contains(word);
}
