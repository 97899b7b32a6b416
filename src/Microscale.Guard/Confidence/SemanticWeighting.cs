namespace Microscale.Guard;

/// <summary>What an answer weighs in a semantic entropy.</summary>
public enum SemanticWeighting
{
    /// <summary>Each answer the same; needs no log-probabilities.</summary>
    Discrete = 0,

    /// <summary>Each answer its length-normalised probability, exp(1/n Σ ln pᵢ); needs the log-probabilities of all of them.</summary>
    Likelihood,
}
