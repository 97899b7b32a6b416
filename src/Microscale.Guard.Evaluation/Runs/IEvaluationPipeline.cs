namespace Microscale.Guard.Evaluation;

/// <summary>Something that is measured on the rows of a data set: a verifier, a model, a guarded client.</summary>
/// <typeparam name="TRow">The rows.</typeparam>
/// <remarks>Implementations must be safe for concurrent callers, and give the same for the same row, or a resumed run ends with
/// other figures.</remarks>
public interface IEvaluationPipeline<in TRow>
{
    /// <summary>Its name in results; unique in a run.</summary>
    string Name { get; }

    /// <summary>What it is made of, in a few words: a run is resumed only with the same.</summary>
    string Fingerprint { get; }

    /// <summary>Evaluates a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What came of it. <see cref="EvaluationItem.Row"/>, <see cref="EvaluationItem.Pipeline"/> and the time are set by
    /// the run.</returns>
    ValueTask<EvaluationItem> EvaluateAsync(TRow row, CancellationToken cancellationToken = default);
}
