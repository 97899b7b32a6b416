using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>A confidence scorer as an evaluator of Microsoft.Extensions.AI.Evaluation.</summary>
/// <remarks>
/// <para>Scorers by log-probabilities read those of the response. Scorers that draw samples or ask further questions use the client of
/// the chat configuration: give the one that made the response. A score that cannot be had is a metric without a value, with an
/// error that says what is missing.</para>
/// <para>Without a threshold the metric is not interpreted, as a raw score means nothing by itself. Safe for concurrent
/// callers.</para>
/// </remarks>
public sealed class ScorerEvaluator : IEvaluator
{
    private readonly IConfidenceScorer _scorer;
    private readonly double? _minimum;
    private readonly ChatOptions? _sampling;

    /// <summary>Creates the evaluator.</summary>
    /// <param name="scorer">The scorer.</param>
    /// <param name="minimum">The lowest score that passes, from 0 to 1; null to interpret none.</param>
    /// <param name="sampling">The options by which samples are drawn; null for a temperature of 1.</param>
    public ScorerEvaluator(IConfidenceScorer scorer, double? minimum = null, ChatOptions? sampling = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        if (minimum is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "The lowest score that passes is from 0 to 1.");
        }

        (_scorer, _minimum, _sampling) = (scorer, minimum, sampling);
        MetricName = $"Confidence ({scorer.Name})";
    }

    /// <summary>The name of the metric, a <see cref="NumericMetric"/> from 0 to 1: "Confidence" and the scorer's name.</summary>
    public string MetricName { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EvaluationMetricNames => [MetricName];

    /// <inheritdoc/>
    public async ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(modelResponse);
        IReadOnlyList<ChatMessage> conversation = [.. messages];
        var client = chatConfiguration?.ChatClient;
        var context = new ConfidenceContext(
            conversation, modelResponse.Text, modelResponse.GetLogProbabilities(), (count, stop) => DrawAsync(client, conversation, count, stop))
        {
            Model = client is null ? null : new AnsweringModel(client),
        };
        var metric = new NumericMetric(MetricName);
        try
        {
            var score = await _scorer.ScoreAsync(context, cancellationToken);
            Fill(metric, score);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Fail(metric, $"The scorer {_scorer.Name} failed: {exception.Message}");
        }

        return new EvaluationResult(metric);
    }

    private void Fill(NumericMetric metric, ConfidenceScore? score)
    {
        if (score?.Value is not (>= 0 and <= 1 and var value))
        {
            Fail(metric, score?.Explanation ?? $"The scorer {_scorer.Name} gave no score from 0 to 1.");
            return;
        }

        metric.Value = value;
        metric.Reason = score!.Explanation;
        metric.AddOrUpdateMetadata("scorer", score.Scorer);
        metric.AddOrUpdateMetadata("calibrated", score.IsCalibrated ? "true" : "false");
        if (_minimum is { } minimum)
        {
            metric.Interpretation = new(
                value >= minimum ? EvaluationRating.Good : EvaluationRating.Unacceptable,
                failed: value < minimum,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The score is {value:0.###}, and the lowest that passes is {minimum:0.###}."));
        }
    }

    private static void Fail(NumericMetric metric, string why)
    {
        metric.AddDiagnostics(EvaluationDiagnostic.Error(why));
        metric.Interpretation = new(EvaluationRating.Inconclusive, failed: true, why);
    }

    private async Task<IReadOnlyList<ChatResponse>> DrawAsync(
        IChatClient? client, IReadOnlyList<ChatMessage> messages, int count, CancellationToken cancellationToken)
    {
        if (client is null)
        {
            throw new InvalidOperationException("It draws samples, and there is no client to draw them from: pass a ChatConfiguration with the client that made the response.");
        }

        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
            client.GetResponseAsync(messages, _sampling?.Clone() ?? new ChatOptions { Temperature = 1 }, cancellationToken)));
    }
}
