namespace Microscale.Guard;

/// <summary>The reasons for which a score cannot be had, and what would help.</summary>
internal static class Unavailability
{
    public const string NoText = "The answer has no text to score.";

    public const string NoEvidence = "There is no evidence in the conversation: add grounding, or use a scorer that goes by the model.";

    public const string NoLogProbabilities =
        "The answer has no log-probabilities, or they do not spell its text. Use a model client that gives them, inside of any cache and of anything that changes the text, or a scorer that needs none, such as Confidence.Consistency.";

    public const string NoSampleLogProbabilities =
        "A sample has no log-probabilities, or they do not spell its text. Use a model client that gives them, or a scorer that needs none, such as the discrete Confidence.SemanticEntropy.";

    public const string NoAlternatives =
        "The log-probabilities come without at least two alternatives for each token. Set ConfidenceOptions.TopAlternatives to 2 or more, use a model client that gives them, or a scorer that needs none, such as Confidence.TokenProbability.";

    private const string NoQuestion = "There is no question that the answer could answer: the last user turn has no text.";

    private const string NoModel =
        "There is no model to ask about the answer. Give the context an AnsweringModel, or use a scorer that needs no further calls.";

    private const string NoMessages =
        "There are no messages that the answer replies to: the request only resumes an answer.";

    /// <summary>Why the model cannot be asked about the answer; null when it can.</summary>
    public static string? OfModel(ConfidenceContext context) =>
        context.Model is not { } model ? NoModel
        : model.Obstacle is { } obstacle ? obstacle
        : context.Messages.Count == 0 ? NoMessages
        : string.IsNullOrWhiteSpace(context.Text) ? NoText
        : null;

    /// <summary>Why an answer cannot be compared with its question; null when it can.</summary>
    public static string? OfQuestion(ConfidenceContext context) =>
        string.IsNullOrWhiteSpace(context.ScoredText) ? NoText
        : string.IsNullOrWhiteSpace(context.Question) ? NoQuestion
        : null;
}
