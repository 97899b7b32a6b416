namespace Microscale.Guard;

/// <summary>Chooses the tokens that a scorer goes by.</summary>
internal static class TokenSelection
{
    /// <summary>The units that are scored: words, each with the tokens that hold a part of it, or single tokens.</summary>
    /// <param name="context">A context with tokens.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="scope">What counts.</param>
    /// <returns>At least one token a unit; no units where the text has none.</returns>
    public static List<List<TokenLogProbability>> Select(
        ConfidenceContext context, IReadOnlyList<TokenLogProbability> tokens, TokenScope scope)
    {
        var (start, end) = context.Claim is { } claim ? (claim.Start, claim.End) : (0, context.Text.Length);
        if (scope != TokenScope.All)
        {
            var all = AnswerWord.Find(context.Text).FindAll(w => w.Kind != AnswerWordKind.Function);
            var words = all.FindAll(IsWithin);
            if (scope == TokenScope.NewWords)
            {
                var known = AnswerWord.Find(context.Question).Select(w => w.Form).ToHashSet(StringComparer.Ordinal);
                var fresh = all.FindAll(w => known.Add(w.Form)).FindAll(IsWithin);
                words = fresh.Count > 0 ? fresh : words;
            }

            if (words.Count > 0)
            {
                return TokenAlignment.Words(tokens, context.Text, words);
            }
        }

        return TokenAlignment.Tokens(tokens, context.Text, start, end).ConvertAll(t => new List<TokenLogProbability> { t });

        bool IsWithin(AnswerWord word) => word.Start >= start && word.End <= end;
    }

    /// <summary>The scope as a part of a scorer's name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static string NameOf(TokenScope scope) => scope switch
    {
        TokenScope.NewWords => "new_words",
        TokenScope.ContentWords => "content_words",
        TokenScope.All => "all",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Use a value of TokenScope."),
    };

    /// <summary>Says how much was scored.</summary>
    public static string Describe(int count, TokenScope scope) => $"Of {count} {(scope == TokenScope.All ? "tokens" : "words")}.";
}
