namespace Microscale.Guard;

/// <summary>The weights of a logistic ensemble, σ(b + Σ wᵢ sᵢ).</summary>
/// <remarks>Fitted by <see cref="EnsembleFitter.FitLogistic"/>. They fit only the scorers, the model and the kind of question
/// that they were fitted with.</remarks>
/// <param name="Intercept">b.</param>
/// <param name="Weights">wᵢ, one for each scorer, in their order; a scorer that points the wrong way has a negative one.</param>
public sealed record LogisticWeights(double Intercept, IReadOnlyList<double> Weights)
{
    /// <summary>The value for the scores of one answer, from 0 to 1.</summary>
    /// <param name="scores">One score for each weight.</param>
    /// <exception cref="ArgumentException">There are more or fewer scores than weights.</exception>
    public double Apply(IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.Count == Weights.Count
            ? 1 / (1 + Math.Exp(-(Intercept + scores.Zip(Weights, (s, w) => s * w).Sum())))
            : throw new ArgumentException($"There are {scores.Count} scores for {Weights.Count} weights.", nameof(scores));
    }
}
