namespace Microscale.Guard;

/// <summary>Says how far two answers to one question say the same.</summary>
/// <remarks>Implementations must be safe for concurrent callers. Those of this library are made by
/// <see cref="AnswerSimilarity"/>.</remarks>
public interface IAnswerSimilarity
{
    /// <summary>The similarity's name in reports and telemetry: lower case, of low cardinality.</summary>
    string Name { get; }

    /// <summary>What the comparison needs: <see cref="ScorerNeeds.EntailmentModel"/>, <see cref="ScorerNeeds.Embeddings"/> or
    /// nothing.</summary>
    /// <value>By default nothing.</value>
    ScorerNeeds Needs => ScorerNeeds.None;

    /// <summary>Compares pairs of answers.</summary>
    /// <param name="question">The question that all of them answer; empty when there is none.</param>
    /// <param name="pairs">The pairs, in any order and with repetitions.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>For each pair, in the same order, a value from 0 (different, or against each other) to 1 (the same). A list
    /// of another length or a value outside counts as a failure of the scorer.</returns>
    ValueTask<IReadOnlyList<double>> CompareAsync(
        string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default);
}

/// <summary>Two answers to one question.</summary>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
public readonly record struct AnswerPair(string First, string Second);
