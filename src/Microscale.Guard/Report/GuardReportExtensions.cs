using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Reads the judgement that travels in a response.</summary>
public static class GuardReportExtensions
{
    /// <summary>The report of a guarded response, also after the response went through a serializing cache; null when
    /// no part of a guard saw it.</summary>
    /// <param name="response">A response.</param>
    public static GuardReport? GetGuardReport(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);

        // When a stream is put together, properties of updates with a message id go to the message.
        var report = Read(response.AdditionalProperties);
        for (var i = response.Messages.Count - 1; i >= 0 && report is null; i--)
        {
            report = Read(response.Messages[i].AdditionalProperties);
        }

        return report;
    }

    /// <summary>The report so far of a guarded stream; null when this update carries none.</summary>
    /// <param name="update">An update of a stream.</param>
    public static GuardReport? GetGuardReport(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    internal static void SetGuardReport(this ChatResponse response, GuardReport report) =>
        (response.AdditionalProperties ??= [])[GuardPropertyNames.Report] = report;

    internal static void SetGuardReport(this ChatResponseUpdate update, GuardReport report) =>
        (update.AdditionalProperties ??= [])[GuardPropertyNames.Report] = report;

    /// <summary>An update without content that carries a report, in the likeness of another update of the stream. It has no
    /// message id: what an update with one carries would go to the message when the stream is folded into a response.</summary>
    internal static ChatResponseUpdate CreateReportUpdate(GuardReport report, ChatResponseUpdate? like)
    {
        var update = new ChatResponseUpdate
        {
            Role = ChatRole.Assistant,
            ResponseId = like?.ResponseId,
            ConversationId = like?.ConversationId,
            ModelId = like?.ModelId,
            CreatedAt = like?.CreatedAt,
        };
        update.SetGuardReport(report);
        return update;
    }

    private static GuardReport? Read(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(GuardPropertyNames.Report, out var value) is true
            ? value switch
            {
                GuardReport report => report,
                JsonElement { ValueKind: JsonValueKind.Object } e => e.Deserialize(GuardJsonContext.Default.GuardReport),
                _ => null,
            }
            : null;
}
