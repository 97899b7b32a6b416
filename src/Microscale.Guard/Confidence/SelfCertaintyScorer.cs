namespace Microscale.Guard;

/// <summary>Scores an answer by how far the alternatives of its tokens are from being equally probable; see
/// <see cref="Confidence.SelfCertainty"/>.</summary>
internal sealed class SelfCertaintyScorer(TokenAggregation aggregation, TokenScope scope)
    : AlternativesScorer("self_certainty", aggregation, scope)
{
    /// <summary>What a missing or vanishing probability counts as, so that no single token outweighs all others.</summary>
    private const double Floor = 1e-9;

    /// <summary>KL(U ‖ q) = −ln K − 1/K Σ ln qₖ.</summary>
    protected override double Sureness(TokenLogProbability token, int width)
    {
        var logarithms = Renormalize(token).Sum(q => Math.Log(Math.Max(q, Floor)));
        logarithms += (width - token.TopAlternatives.Count) * Math.Log(Floor);
        return -Math.Log(width) - (logarithms / width);
    }

    protected override double Normalize(double sureness) => Math.Clamp(1 - Math.Exp(-sureness), 0, 1);
}
