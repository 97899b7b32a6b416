namespace Microscale.Guard;

/// <summary>Scores an answer by how far its tokens lead over the runner-up; see <see cref="Confidence.TokenMargin"/>.</summary>
internal sealed class TokenMarginScorer(TokenAggregation aggregation, TokenScope scope)
    : AlternativesScorer("token_margin", aggregation, scope)
{
    protected override double Sureness(TokenLogProbability token, int width)
    {
        var runnerUp = double.NegativeInfinity;
        var isChosenSeen = false;
        foreach (var alternative in token.TopAlternatives)
        {
            if (!isChosenSeen && alternative.Utf8Bytes.Span.SequenceEqual(token.Utf8Bytes.Span))
            {
                isChosenSeen = true;
                continue;
            }

            runnerUp = Math.Max(runnerUp, alternative.LogProbability);
        }

        return Math.Max(0, Math.Exp(token.LogProbability) - Math.Exp(runnerUp));
    }
}
