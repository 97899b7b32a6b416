using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>What was learned from labelled answers of a pipeline: how raw scores become probabilities, which thresholds meet
/// which error rates, and how the scores were distributed.</summary>
/// <remarks>Immutable. Kept as JSON (<see cref="ToJson"/>); it holds no text of questions or answers. A file that was changed,
/// or that was fitted for another scorer, model or prompt, is refused.</remarks>
public sealed record CalibrationArtefact
{
    /// <summary>The version of the format that this library writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The fewest labelled answers that are worth fitting.</summary>
    public const int MinimumCount = 30;

    /// <summary>The version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>When the artefact was fitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it was fitted for.</summary>
    public required CalibrationPipeline Pipeline { get; init; }

    /// <summary>Which labelled answers it was fitted on; null when it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalibrationData? Data { get; init; }

    /// <summary>How many labelled answers it was fitted on.</summary>
    public required int SampleCount { get; init; }

    /// <summary>How many of them were right.</summary>
    public required int CorrectCount { get; init; }

    /// <summary>Turns raw scores into probabilities.</summary>
    public required Calibrator Calibrator { get; init; }

    /// <summary>The thresholds that meet error rates, the infeasible ones included.</summary>
    public required IReadOnlyList<RiskGuarantee> Guarantees { get; init; }

    /// <summary>How the scores were distributed.</summary>
    public required ScoreDistribution Scores { get; init; }

    /// <summary>The SHA-256 of all the rest.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>Fits an artefact.</summary>
    /// <param name="pairs">Labelled answers of the pipeline: their raw scores, and whether they were right. Answers whose score was
    /// not available are left out, as they are never delivered by score.</param>
    /// <param name="pipeline">What gave the answers.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are fewer than <see cref="MinimumCount"/> pairs, or a value is out of its
    /// range.</exception>
    public static CalibrationArtefact Fit(IEnumerable<LabelledScore> pairs, CalibrationPipeline pipeline, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentException.ThrowIfNullOrWhiteSpace(pipeline.Scorer, nameof(pipeline));
        options ??= new();
        var array = LabelledScore.Checked(pairs);
        if (array.Length < MinimumCount)
        {
            throw new ArgumentException(
                $"There are {array.Length} labelled answers: label at least {MinimumCount}; a low error rate needs hundreds.", nameof(pairs));
        }

        var artefact = new CalibrationArtefact
        {
            Version = CurrentVersion,
            CreatedAt = options.TimeProvider.GetUtcNow(),
            Pipeline = pipeline,
            Data = options.Data,
            SampleCount = array.Length,
            CorrectCount = array.Count(p => p.IsCorrect),
            Calibrator = Calibrator.Fit(options.Method, array),
            Guarantees = [.. options.RiskControl.SelectMany(m => options.ErrorRates.Order().Select(a => RiskControl.Control(m, array, a, options.Delta)))],
            Scores = ScoreDistribution.Of(array),
        };
        return artefact with { Checksum = artefact.ComputeChecksum() };
    }

    /// <summary>Reads an artefact.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote; white space does not matter.</param>
    /// <exception cref="InvalidDataException">It is no artefact, is of another version, or was changed.</exception>
    public static CalibrationArtefact Parse(string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        CalibrationArtefact? artefact;
        try
        {
            artefact = JsonSerializer.Deserialize(json, CalibrationJsonContext.Default.CalibrationArtefact);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"This is no calibration artefact of version {CurrentVersion}: {exception.Message} Calibrate anew.", exception);
        }

        return artefact is not null && artefact.Flaw() is null
            ? artefact
            : throw new InvalidDataException($"The calibration artefact is refused: {artefact?.Flaw() ?? "it is empty"}. Restore the file, or calibrate anew.");
    }

    /// <summary>Reads an artefact from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is no artefact, is of another version, or was changed.</exception>
    public static CalibrationArtefact Load(string path)
    {
        var json = File.ReadAllText(path);
        try
        {
            return Parse(json);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the artefact to a file.</summary>
    /// <param name="path">The file; it is replaced.</param>
    public void Save(string path) => File.WriteAllText(path, ToJson());

    /// <summary>The artefact as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CalibrationJsonContext.Default.CalibrationArtefact);

    /// <summary>The guarantee for an error rate: that for the highest rate which is no higher.</summary>
    /// <param name="errorRate">The highest error rate that is wanted.</param>
    /// <param name="method">How it was found.</param>
    /// <returns>The guarantee, which may be infeasible; null when none was sought for such a rate.</returns>
    public RiskGuarantee? FindGuarantee(double errorRate, RiskControlMethod method = RiskControlMethod.LearnThenTest) =>
        Guarantees.Where(g => g.Method == method && g.ErrorRate <= errorRate).MaxBy(g => g.ErrorRate);

    private string ComputeChecksum() => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = "" }, CalibrationJsonContext.Default.CalibrationArtefact)));

    /// <summary>Why this cannot be used; null when it can.</summary>
    private string? Flaw()
    {
        if (Version != CurrentVersion)
        {
            return $"its version is {Version}, and this library reads version {CurrentVersion}";
        }

        if (Checksum != ComputeChecksum())
        {
            return "its checksum does not fit its content, so it was changed after it was fitted";
        }

        return SampleCount < MinimumCount || CorrectCount < 0 || CorrectCount > SampleCount ? "its counts cannot be"
            : string.IsNullOrWhiteSpace(Pipeline.Scorer) ? "it names no scorer"
            : Guarantees.Any(g => g.Threshold is not (null or (>= 0 and <= 1)) || g.ErrorRate is not (> 0 and < 1)) ? "a guarantee is out of range"
            : Calibrator.Flaw() ?? Scores.Flaw();
    }
}
