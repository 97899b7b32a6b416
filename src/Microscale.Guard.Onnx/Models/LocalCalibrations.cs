namespace Microscale.Guard.Onnx;

/// <summary>The calibrations of the local models that this package brings along.</summary>
/// <remarks>Each says in <see cref="CalibrationArtefact.Data"/> which part of which data it was fitted on, and is refused where it does
/// not fit what runs. Their guarantees hold for questions and passages like those: calibrate on your own
/// (<c>microscale calibrate</c>). docs/benchmarks.md has their figures. Safe for concurrent callers.</remarks>
public static class LocalCalibrations
{
    /// <summary>Short questions answered from the chat model's memory, scored by <see cref="Confidence.TokenProbability"/>. No error rate
    /// up to 20 % is feasible: the model is right too rarely, and hardly knows when. For probabilities
    /// (<see cref="CalibrationExtensions.CalibratedBy"/>) and costs.</summary>
    public const string ShortQuestions = "short-questions";

    /// <summary>Claims checked against a passage by the entailment model: for
    /// <see cref="EntailmentVerifierOptions.SupportToMeet"/>.</summary>
    public const string Claims = "claims";

    /// <summary>Sentences of a passage that a <see cref="QuotingChatClient"/> answers with, scored by <see cref="LocalScorers.QuotedAnswer"/>.
    /// No error rate up to 20 % is feasible over questions of which half have no answer. For probabilities
    /// (<see cref="CalibrationExtensions.CalibratedBy"/>) and costs.</summary>
    public const string GroundedAnswers = "grounded-answers";

    /// <summary>The names of all of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [ShortQuestions, GroundedAnswers, Claims];

    /// <summary>Reads a calibration.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static CalibrationArtefact Load(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        using var stream = typeof(LocalCalibrations).Assembly.GetManifestResourceStream($"Calibrations/{name}.json")
            ?? throw new ArgumentException($"There is no calibration '{name}': use {string.Join(", ", Names)}.", nameof(name));
        using var reader = new StreamReader(stream);
        return CalibrationArtefact.Parse(reader.ReadToEnd());
    }
}
