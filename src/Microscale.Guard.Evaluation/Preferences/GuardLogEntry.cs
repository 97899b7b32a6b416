using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation;

/// <summary>A guarded answer as it was logged, with what is known of its truth.</summary>
/// <remarks>It holds text of questions and answers: keep it as you keep those.</remarks>
public sealed record GuardLogEntry
{
    /// <summary>What names it; null for nothing.</summary>
    public string? Id { get; init; }

    /// <summary>The conversation up to the answer.</summary>
    public required IReadOnlyList<PreferenceMessage> Messages { get; init; }

    /// <summary>What the caller got: an answer, or the words of an abstention.</summary>
    public required string Text { get; init; }

    /// <summary>What the guard did; null when no guard decided.</summary>
    public GuardDecision? Decision { get; init; }

    /// <summary>Why it withheld the answer.</summary>
    public GuardReason? Reason { get; init; }

    /// <summary>The answer that was withheld; null when none was, or it was not kept (<see cref="AbstentionOptions.KeepDraft"/>).</summary>
    public string? Draft { get; init; }

    /// <summary>The confidence, from 0 to 1; null when it was not scored.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether the model's answer, delivered or withheld, is right, as a person says; null when nobody did.</summary>
    public bool? Correct { get; init; }

    /// <summary>The model's answer, delivered or withheld; null when it is not known.</summary>
    internal string? Answer => Decision == GuardDecision.Abstained ? Draft : Text;

    /// <summary>The words of the last user turn.</summary>
    internal string Question => Messages.LastOrDefault(m => m.Role == ChatRole.User.Value)?.Content ?? "";

    /// <summary>The entry of a response.</summary>
    /// <param name="messages">The messages that were sent.</param>
    /// <param name="response">The response to them.</param>
    /// <param name="id">What names it; null for the response's own id.</param>
    public static GuardLogEntry Of(IEnumerable<ChatMessage> messages, ChatResponse response, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(response);
        var report = response.GetGuardReport();
        return new GuardLogEntry
        {
            Id = id ?? response.ResponseId,
            Messages = [.. messages.Where(m => m.Text.Length > 0).Select(m => new PreferenceMessage(m.Role.Value, m.Text))],
            Text = response.Text,
            Decision = report?.Decision,
            Reason = report?.Reason,
            Draft = report?.WithheldDraft,
            Confidence = report?.Confidence?.Value,
        };
    }
}
