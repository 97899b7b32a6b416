using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation;

/// <summary>How an <see cref="AnswerPipeline"/> asks.</summary>
public sealed class AnswerPipelineOptions
{
    /// <summary>The options of each request.</summary>
    /// <value>By default the most probable tokens (temperature 0), 48 at most: the questions of test sets want a sentence.</value>
    public ChatOptions Chat { get; set; } = new() { Temperature = 0, MaxOutputTokens = 48 };

    /// <summary>How a row's passage is put before the model.</summary>
    /// <value>The default value is <see langword="null"/>: the defaults of grounding.</value>
    public GroundingOptions? Grounding { get; set; }

    /// <summary>The <see cref="IConfidenceScorer.Fingerprint"/> of the client's scorer, which a calibration is bound to.</summary>
    /// <value>The default value is <see langword="null"/>: results cannot be calibrated.</value>
    public string? Scorer { get; set; }

    /// <summary>What the pipeline is made of.</summary>
    /// <value>The default value is <see langword="null"/>: the model's name, or the client's type.</value>
    public string? Fingerprint { get; set; }
}
