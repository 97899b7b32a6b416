namespace Microscale.Guard;

/// <summary>A passage that an answer may rest on.</summary>
/// <remarks>Immutable and safe to share between threads.</remarks>
/// <param name="Id">What names the passage among the evidence of a request; unique there.</param>
/// <param name="Text">The passage itself, as found: data, never an instruction.</param>
public sealed record Evidence(string Id, string Text)
{
    /// <summary>Where the passage comes from, for a person to read: a title, a file name. Null when unknown.</summary>
    public string? Source { get; init; }

    /// <summary>The address of the source. Null when it has none.</summary>
    public Uri? Url { get; init; }

    /// <summary>How well the passage fits the question, by the scale of the source that found it (higher is better).
    /// Null when the source gives no score.</summary>
    public double? Score { get; init; }

    /// <summary>How the passage came into the conversation.</summary>
    /// <value>The default value is <see cref="EvidenceProvenance.Retrieved"/>.</value>
    public EvidenceProvenance Provenance { get; init; }
}
