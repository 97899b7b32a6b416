using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using static Microscale.Guard.GuardTelemetryNames;

namespace Microscale.Guard;

/// <summary>The event <c>gen_ai.evaluation.result</c> of the OpenTelemetry conventions, one for each score and verdict: on the activity
/// that made it, where trace views show it, and as a log record of that event name, as the conventions have it.</summary>
internal static class EvaluationEvents
{
    /// <summary>Records a result.</summary>
    /// <param name="activity">The activity that made it; null for none.</param>
    /// <param name="logger">Takes it as a record at <see cref="LogLevel.Debug"/>.</param>
    /// <param name="name">The scorer or verifier.</param>
    /// <param name="score">Its value; null for none.</param>
    /// <param name="label">What the value means.</param>
    /// <param name="responseId">The response that was judged; null when the model gave none.</param>
    public static void Record(Activity? activity, ILogger logger, string name, double? score, string label, string? responseId)
    {
        var isTraced = activity is { IsAllDataRequested: true };
        var isLogged = logger.IsEnabled(LogLevel.Debug);
        if (!isTraced && !isLogged)
        {
            return;
        }

        var tags = new List<KeyValuePair<string, object?>>(4)
        {
            new(Attributes.EvaluationName, name),
            new(Attributes.EvaluationLabel, label),
        };
        if (score is not null)
        {
            tags.Add(new(Attributes.EvaluationScore, score));
        }

        if (responseId is not null)
        {
            tags.Add(new(Attributes.ResponseId, responseId));
        }

        if (isTraced)
        {
            activity!.AddEvent(new ActivityEvent(Events.EvaluationResult, tags: new ActivityTagsCollection(tags)));
        }

        if (isLogged)
        {
            logger.Log(LogLevel.Debug, new EventId(0, Events.EvaluationResult), tags, null, static (tags, _) =>
                string.Create(CultureInfo.InvariantCulture, $"{tags[0].Value} evaluated an answer: {tags[1].Value}."));
        }
    }
}
