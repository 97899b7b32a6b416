namespace Microscale.Guard;

/// <summary>The most that one score costs beside the answer itself.</summary>
public readonly record struct ScorerCost
{
    /// <summary>How many further answers are drawn, each as long as the model makes it.</summary>
    public int Samples { get; init; }

    /// <summary>How many further calls of the model are made that are no samples.</summary>
    public int ModelCalls { get; init; }

    /// <summary>How many tokens these further calls generate together.</summary>
    public int OutputTokens { get; init; }

    /// <summary>How many pairs of texts the entailment model reads.</summary>
    public int EntailmentPairs { get; init; }

    /// <summary>What several scorers cost together: samples are shared, the rest adds up.</summary>
    /// <param name="costs">The costs of each.</param>
    internal static ScorerCost Together(IEnumerable<ScorerCost> costs) => costs.Aggregate(default(ScorerCost), (sum, cost) => new()
    {
        Samples = Math.Max(sum.Samples, cost.Samples),
        ModelCalls = sum.ModelCalls + cost.ModelCalls,
        OutputTokens = sum.OutputTokens + cost.OutputTokens,
        EntailmentPairs = sum.EntailmentPairs + cost.EntailmentPairs,
    });
}
