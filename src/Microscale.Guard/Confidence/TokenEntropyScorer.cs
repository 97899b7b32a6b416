namespace Microscale.Guard;

/// <summary>Scores an answer by the entropy over the alternatives of its tokens; see <see cref="Confidence.TokenEntropy"/>.</summary>
internal sealed class TokenEntropyScorer(TokenAggregation aggregation, TokenScope scope)
    : AlternativesScorer("token_entropy", aggregation, scope)
{
    protected override double Sureness(TokenLogProbability token, int width) =>
        1 - (Entropy(Renormalize(token)) / Math.Log(width));

    private static double Entropy(double[] probabilities) => -probabilities.Sum(p => p > 0 ? p * Math.Log(p) : 0);
}
