namespace Microscale.Guard;

/// <summary>Settings of <see cref="ConfidenceChatClient"/>.</summary>
/// <remarks>Read once, when the client is created.</remarks>
public sealed class ConfidenceOptions
{
    /// <summary>How long a scorer may take for one score, the samples that it waits for included. After that the
    /// confidence is not available.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan ScorerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many alternatives to ask for with each token's log-probability, from 0 to 20; used only when the scorer
    /// needs log-probabilities and the caller did not ask for more.</summary>
    /// <value>The default value is 5.</value>
    public int TopAlternatives { get; set; } = 5;

    /// <summary>How many samples of one request are drawn at the same time; at least 1.</summary>
    /// <value>The default value is 4.</value>
    public int MaxConcurrentSamples { get; set; } = 4;

    /// <summary>The lowest temperature that samples are drawn with, from 0 to 2. The caller's is used where it is
    /// higher.</summary>
    /// <remarks>Too low, and samples agree because they are the same draw, not because the model knows; too high, and they are
    /// noise. Kuhn et al. 2023 (arXiv 2302.09664) found 0.5 best for models of up to 30 billion parameters, Farquhar et
    /// al. 2024 (Nature 630) sample large ones at 1. The samples of SmolLM2-135M told right answers from wrong ones a little
    /// better at 0.7 than at 1 (area under the ROC curve 0.64 and 0.61 over passages, 0.72 and 0.69 with questions from
    /// memory).</remarks>
    /// <value>The default value is 0.7.</value>
    public float SampleTemperature { get; set; } = 0.7f;

    /// <summary>What the tokens of samples and further calls cost, for telemetry.</summary>
    /// <value>The default value is <see langword="null"/>: no cost is told.</value>
    public TokenPrices? Prices { get; set; }

    /// <summary>The clock that timeouts and timings go by.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A copy that nobody changes any more.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or does not give the scorer what it needs.</exception>
    internal ConfidenceOptions ValidatedFor(IConfidenceScorer scorer)
    {
        if (ScorerTimeout <= TimeSpan.Zero || ScorerTimeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentException(
                $"ConfidenceOptions.ScorerTimeout is {ScorerTimeout}: set it above zero and to at most a day, such as 30 seconds. A scorer without a limit could hold an answer for ever.");
        }

        if (TopAlternatives is < 0 or > 20)
        {
            throw new ArgumentException(
                $"ConfidenceOptions.TopAlternatives is {TopAlternatives}: set it from 0 (none) to 20, the most that servers give.");
        }

        if (TopAlternatives < 2 && scorer.Needs.HasFlag(ScorerNeeds.TopAlternatives))
        {
            throw new ArgumentException(
                $"ConfidenceOptions.TopAlternatives is {TopAlternatives}, and the scorer {scorer.Name} compares alternatives: set it from 2 to 20, such as 5.");
        }

        if (MaxConcurrentSamples < 1)
        {
            throw new ArgumentException(
                $"ConfidenceOptions.MaxConcurrentSamples is {MaxConcurrentSamples}: set it to at least 1 (one after the other).");
        }

        if (SampleTemperature is not (>= 0 and <= 2))
        {
            throw new ArgumentException(
                $"ConfidenceOptions.SampleTemperature is {SampleTemperature}: set it from 0 to 2, such as 0.7.");
        }

        Prices?.Validate();
        if (TimeProvider is null)
        {
            throw new ArgumentException("ConfidenceOptions.TimeProvider is null: leave it at TimeProvider.System.");
        }

        return (ConfidenceOptions)MemberwiseClone();
    }
}
