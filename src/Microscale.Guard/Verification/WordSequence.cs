namespace Microscale.Guard;

/// <summary>The words of a text in order, function words included, without case and punctuation.</summary>
internal sealed class WordSequence
{
    /// <summary>The share of the words that must be found in order for a text to be nearly the same.</summary>
    private const double LeastShare = 0.85;

    private readonly string[] _words;

    private WordSequence(string[] words) => _words = words;

    /// <summary>Reads the words of a text.</summary>
    public static WordSequence Of(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                words.Add(text[start..i].ToLowerInvariant());
                start = -1;
            }
        }

        return new WordSequence([.. words]);
    }

    /// <summary>Whether more than 85 % of the words occur in one of the others in the same order, with any words between (the
    /// longest common subsequence, as in ROUGE-L: Lin 2004).</summary>
    public bool IsNearlyIn(IEnumerable<WordSequence> others) => _words.Length > 0 && others.Any(o =>
        o._words.Length > _words.Length * LeastShare && CommonLength(o._words) > _words.Length * LeastShare);

    private int CommonLength(string[] other)
    {
        var lengths = new int[other.Length + 1];
        foreach (var word in _words)
        {
            var diagonal = 0;
            for (var j = 0; j < other.Length; j++)
            {
                var above = lengths[j + 1];
                lengths[j + 1] = string.Equals(word, other[j], StringComparison.Ordinal) ? diagonal + 1 : Math.Max(above, lengths[j]);
                diagonal = above;
            }
        }

        return lengths[^1];
    }
}
