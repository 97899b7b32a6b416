namespace Microscale.Guard.Evaluation;

/// <summary>Measures an entailment model on pairs of premise and hypothesis.</summary>
/// <remarks>The score is the probability of entailment; true is a pair whose label says so. Accuracies are over all three labels,
/// the most probable one being the prediction.</remarks>
public sealed class EntailmentPipeline : IEvaluationPipeline<EntailmentRow>
{
    private readonly IEntailmentModel _model;

    /// <summary>Creates the pipeline.</summary>
    /// <param name="name">Its name in results.</param>
    /// <param name="model">The model; it is not disposed.</param>
    /// <param name="fingerprint">What it is; null for its type.</param>
    public EntailmentPipeline(string name, IEntailmentModel model, string? fingerprint = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(model);
        (Name, _model, Fingerprint) = (name, model, fingerprint ?? model.GetType().Name);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public async ValueTask<EvaluationItem> EvaluateAsync(EntailmentRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        var scores = (await _model.ClassifyAsync([new EntailmentPair(row.Premise, row.Hypothesis)], cancellationToken))[0];
        var predicted = scores.Entailment >= scores.Neutral && scores.Entailment >= scores.Contradiction ? EntailmentLabel.Entailment
            : scores.Neutral >= scores.Contradiction ? EntailmentLabel.Neutral
            : EntailmentLabel.Contradiction;
        return new EvaluationItem
        {
            Pipeline = Name,
            Row = 0,
            Id = row.Id,
            Group = TextHash.Of(row.Premise),
            Score = scores.Entailment,
            IsTrue = row.Label == EntailmentLabel.Entailment,
            IsAccepted = predicted == EntailmentLabel.Entailment,
            IsRight = predicted == row.Label,
            Class = row.Label.ToString(),
            Question = row.Hypothesis,
            Answer = predicted.ToString(),
            Expected = row.Label.ToString(),
        };
    }
}
