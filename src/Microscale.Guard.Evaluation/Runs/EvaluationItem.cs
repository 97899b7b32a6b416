namespace Microscale.Guard.Evaluation;

/// <summary>What a pipeline made of one row of a data set.</summary>
/// <remarks>Every kind of data set comes down to the same three facts: a score, whether what was scored is true, and whether the
/// pipeline let it pass. All figures are made of them. Immutable. The texts are content.</remarks>
public sealed record EvaluationItem
{
    /// <summary>The name of the pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The place of the row in its data set, from 0.</summary>
    public required long Row { get; init; }

    /// <summary>The row's own id; null when it has none.</summary>
    public string? Id { get; init; }

    /// <summary>What rows share that must not be parted by a split into fitting and testing, such as a passage.</summary>
    public string? Group { get; init; }

    /// <summary>The score, from 0 to 1: the support of a claim, the entailment of a hypothesis, the confidence in an answer. Null
    /// when there is none.</summary>
    public double? Score { get; init; }

    /// <summary>The score before calibration; null when <see cref="Score"/> is as the scorer gave it.</summary>
    public double? RawScore { get; init; }

    /// <summary>Whether what was scored is true: the claim is supported, the hypothesis follows, the model's (first) answer is
    /// right. A question that has no answer has no right answer.</summary>
    public bool IsTrue { get; init; }

    /// <summary>Whether the pipeline let it pass: called the claim supported, delivered the answer.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>Whether what the caller gets is right; for an abstention, whether the question has no answer.</summary>
    public bool IsRight { get; init; }

    /// <summary>Whether nothing but the score stands against letting it pass: verification, where there is one, found nothing wrong.
    /// Calibrations are fitted on such rows.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool IsUpToScore { get; init; } = true;

    /// <summary>The class of the row where there are more than true and false (entailment, neutral, contradiction); null
    /// else.</summary>
    public string? Class { get; init; }

    /// <summary>The question, claim or hypothesis; null when texts are not kept.</summary>
    public string? Question { get; init; }

    /// <summary>The model's answer, delivered or withheld; null when there is none, or texts are not kept.</summary>
    public string? Answer { get; init; }

    /// <summary>What would have been right; null when texts are not kept.</summary>
    public string? Expected { get; init; }

    /// <summary>Why the pipeline did not let it pass; null when it did.</summary>
    public string? Reason { get; init; }

    /// <summary>The model that answered; null when it does not say.</summary>
    public string? Model { get; init; }

    /// <summary>The fingerprint of the scorer; null when nothing was scored.</summary>
    public string? Scorer { get; init; }

    /// <summary>The fingerprint of the instructions (<see cref="CalibrationPipeline.FingerprintPrompt"/>); null for none.</summary>
    public string? Prompt { get; init; }

    /// <summary>How long it took.</summary>
    public double Milliseconds { get; init; }

    /// <summary>What became of the values of a schema; null for other kinds.</summary>
    public SchemaCounts? Schema { get; init; }

    /// <summary>This without texts.</summary>
    internal EvaluationItem WithoutTexts() => this with { Question = null, Answer = null, Expected = null };
}

/// <summary>What became of schemas and of their values.</summary>
/// <param name="Compiled">Schemas that became grammars.</param>
/// <param name="Wrong">Values that were judged wrongly.</param>
/// <param name="ValidAccepted">Valid values that can be written.</param>
/// <param name="InvalidRejected">Invalid values that cannot be written.</param>
/// <param name="Skipped">Values of schemas that did not compile.</param>
public sealed record SchemaCounts(int Compiled, int Wrong, int ValidAccepted, int InvalidRejected, int Skipped)
{
    /// <summary>Nothing yet.</summary>
    internal static SchemaCounts None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>The sums.</summary>
    internal SchemaCounts Plus(SchemaCounts other) => new(
        Compiled + other.Compiled, Wrong + other.Wrong, ValidAccepted + other.ValidAccepted, InvalidRejected + other.InvalidRejected, Skipped + other.Skipped);
}
