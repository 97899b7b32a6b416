namespace Microscale.Guard;

/// <summary>What of an answer counts, or of the claim that is scored (<see cref="ConfidenceContext.Claim"/>).</summary>
public enum TokenScope
{
    /// <summary>The words that say something new: content words (see <see cref="ContentWords"/>) that are not in the question, at
    /// their first mention. Where there are none, <see cref="ContentWords"/>.</summary>
    NewWords = 0,

    /// <summary>The words that are not English function words, each as probable as its tokens together, Π pᵢ: a year that
    /// a tokenizer cuts into digits is one word, and not four sure tokens beside a doubtful one. Where there are none,
    /// <see cref="All"/>.</summary>
    ContentWords,

    /// <summary>Each token of the text, punctuation included.</summary>
    All,
}
