namespace Microscale.Guard;

public static partial class Confidence
{
    /// <summary>The weighted mean Σ wᵢ sᵢ / Σ wᵢ of several scores; samples are drawn once for all.</summary>
    /// <param name="parts">The scorers with their weights. Without a part that is not <see cref="EnsemblePart.Optional"/>
    /// there is no score.</param>
    /// <remarks>A linear ensemble of black-box and white-box scorers: Chen and Mueller 2024, "Quantifying uncertainty in answers
    /// from any language model", arXiv 2308.16175 (two parts); Bouchard and Chauhan 2025, arXiv 2504.19254 (any
    /// number).</remarks>
    /// <exception cref="ArgumentException">There is no part that must be there, or a weight is not above 0.</exception>
    public static IConfidenceScorer Ensemble(params IReadOnlyList<EnsemblePart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new EnsembleScorer(parts);
    }

    /// <summary>The mean of several scores; samples are drawn once for all.</summary>
    /// <param name="parts">The scorers. Without one of them there is no score.</param>
    public static IConfidenceScorer Ensemble(params IReadOnlyList<IConfidenceScorer> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new EnsembleScorer(parts.Select(p => new EnsemblePart(p)));
    }

    /// <summary>The weighted mean of several scores with weights as <see cref="EnsembleFitter.FitWeights"/> gives them; a scorer whose weight
    /// is 0 is left out.</summary>
    /// <param name="parts">The scorers. Without one of them there is no score.</param>
    /// <param name="weights">One weight for each, not negative, at least one of them above 0.</param>
    /// <exception cref="ArgumentException">There are more or fewer weights than scorers, or a weight is not what it must be.</exception>
    public static IConfidenceScorer Ensemble(IReadOnlyList<IConfidenceScorer> parts, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(weights);
        return parts.Count == weights.Count
            ? new EnsembleScorer(parts.Zip(weights, (p, w) => new EnsemblePart(p, w)).Where(p => p.Weight != 0))
            : throw new ArgumentException($"There are {weights.Count} weights for {parts.Count} scorers.", nameof(weights));
    }

    /// <summary>The logistic combination σ(b + Σ wᵢ sᵢ) of several scores; samples are drawn once for all. Unlike a weighted mean it can
    /// turn around a scorer that points the wrong way, and stretch scores that differ little.</summary>
    /// <param name="weights">The weights, as <see cref="EnsembleFitter.FitLogistic"/> gives them.</param>
    /// <param name="parts">The scorers that they were fitted with, in the same order. Without one of them there is no score.</param>
    /// <remarks>Stacking by logistic regression: Wolpert 1992; Ting and Witten 1999. Though fitted to labels, the value counts as raw: only
    /// a calibration on other data makes it a probability.</remarks>
    /// <exception cref="ArgumentException">There are more or fewer weights than scorers, or a weight is not finite.</exception>
    public static IConfidenceScorer LogisticEnsemble(LogisticWeights weights, params IReadOnlyList<IConfidenceScorer> parts)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(parts);
        return new LogisticEnsembleScorer(weights, parts);
    }
}
