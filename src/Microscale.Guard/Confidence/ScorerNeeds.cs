namespace Microscale.Guard;

/// <summary>What a scorer needs beyond the text of an answer.</summary>
[Flags]
public enum ScorerNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The log-probabilities of generated tokens.</summary>
    LogProbabilities = 1,

    /// <summary>Further answers to the same question; the score of a stream is then known only at its end.</summary>
    Samples = 2,

    /// <summary>At least two alternatives with each token's log-probability.</summary>
    TopAlternatives = 4,

    /// <summary>An entailment model, which the scorer was given.</summary>
    EntailmentModel = 8,

    /// <summary>An embedding model, which the scorer was given.</summary>
    Embeddings = 16,

    /// <summary>Further calls of the model about the answer; the score of a stream is then known only at its end.</summary>
    ModelCalls = 32,
}
