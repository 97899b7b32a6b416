namespace Microscale.Guard.Onnx;

/// <summary>How the next token is chosen.</summary>
internal readonly record struct SamplingSettings
{
    public SamplingSettings()
    {
    }

    /// <summary>Divides the logits; 0 takes the most probable token.</summary>
    public float Temperature { get; init; }

    /// <summary>How many of the most probable tokens may be chosen; null for all.</summary>
    public int? TopK { get; init; }

    /// <summary>The smallest set of the most probable tokens that has this probability may be chosen; 1 for all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Tokens that have less than this share of the most probable token's probability are not chosen; 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>Taken from a token's logit for each time it was chosen before.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken from a token's logit when it was chosen before.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>The start of the random numbers; null for another one each time.</summary>
    public long? Seed { get; init; }
}
