namespace Microscale.Guard.Evaluation;

/// <summary>How pairs are made of a guard log.</summary>
public sealed class PreferenceOptions
{
    /// <summary>The abstention that is preferred to a wrong answer where the log has none of its own.</summary>
    /// <value>The default value is "I don't know."</value>
    public string AbstentionText { get; set; } = "I don't know.";

    /// <summary>Whether right answers are preferred to an abstention. Without such pairs a model learns to abstain from
    /// everything.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool IncludeAnswers { get; set; } = true;

    /// <summary>The largest share of pairs in which the abstention is preferred, above 0 and at most 1: surplus ones are left out
    /// at random.</summary>
    /// <value>The default value is 1: all are kept.</value>
    public double MaxAbstentionShare { get; set; } = 1;

    /// <summary>The seed of that choice.</summary>
    /// <value>The default value is 0.</value>
    public long Seed { get; set; }
}
