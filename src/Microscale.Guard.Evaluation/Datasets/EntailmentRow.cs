namespace Microscale.Guard.Evaluation;

/// <summary>A premise, and a sentence that may follow from it.</summary>
/// <param name="Id">The row's own id; null when it has none.</param>
/// <param name="Premise">What is taken as true.</param>
/// <param name="Hypothesis">What may or may not follow.</param>
/// <param name="Label">What is so.</param>
public sealed record EntailmentRow(string? Id, string Premise, string Hypothesis, EntailmentLabel Label);

/// <summary>The relation of a hypothesis to its premise.</summary>
public enum EntailmentLabel
{
    /// <summary>It follows.</summary>
    Entailment,

    /// <summary>The premise does not say.</summary>
    Neutral,

    /// <summary>It is against the premise.</summary>
    Contradiction,
}
