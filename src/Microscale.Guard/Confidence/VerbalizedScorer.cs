using System.Globalization;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Scores an answer by what the model says of it when asked; see <see cref="Confidence.Verbalized"/>.</summary>
internal sealed partial class VerbalizedScorer : IConfidenceScorer
{
    private const string Question =
        "How likely is it that the answer above is correct? Reply with nothing but a whole number of percent, from 0 (surely wrong) to 100 (surely correct).";

    public string Name => "verbalized";

    public ScorerNeeds Needs => ScorerNeeds.ModelCalls;

    public ScorerCost Cost => new() { ModelCalls = 1, OutputTokens = FollowUp.MaxOutputTokens };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (Unavailability.OfModel(context) is { } reason)
        {
            return ConfidenceScore.Unavailable(Name, reason);
        }

        var model = context.Model!;
        var reply = await model.AskAsync(FollowUp.Ask(context, Question), model.CreateOptions(FollowUp.MaxOutputTokens), cancellationToken);
        return Read(reply.Text) is { } value
            ? new ConfidenceScore(Name, value) { Explanation = "The model's own word." }
            : ConfidenceScore.Unavailable(Name, "The model did not reply with one number from 0 to 100 when it was asked how likely its answer is right.");
    }

    /// <summary>The one number of a reply as a share of 1; null when there is none, or more than one.</summary>
    internal static double? Read(string reply)
    {
        var numbers = Number().Matches(OutOfHundred().Replace(reply, ""));
        if (numbers is not [{ } number]
            || number.Value.StartsWith('-')
            || !double.TryParse(number.Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        // "0.9" is a probability, whatever was asked for; "1" is one percent.
        var isProbability = value <= 1 && number.Value.Contains('.', StringComparison.Ordinal) && !reply.Contains('%', StringComparison.Ordinal);
        return isProbability ? value : value <= 100 ? value / 100 : null;
    }

    [GeneratedRegex(@"-?\d+(?:[.,]\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?:/|\bout of)\s*100\b", RegexOptions.IgnoreCase)]
    private static partial Regex OutOfHundred();
}
