namespace Microscale.Guard;

/// <summary>A scorer in an ensemble.</summary>
/// <param name="Scorer">The scorer.</param>
/// <param name="Weight">How much its score counts, relative to the other parts; above 0.</param>
public sealed record EnsemblePart(IConfidenceScorer Scorer, double Weight = 1)
{
    /// <summary>Whether the ensemble does without this part where its score is not available; the other weights then count
    /// for all. A part that fails makes the ensemble fail in any case.</summary>
    /// <value>The default value is <see langword="false"/>: without this part there is no score.</value>
    public bool Optional { get; init; }
}
