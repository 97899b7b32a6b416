using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>Guard logs: files of JSON lines with an entry a line.</summary>
public static class GuardLog
{
    /// <summary>Adds an entry to a log.</summary>
    /// <param name="path">The file; it is created where there is none.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <remarks>One writer at a time.</remarks>
    public static async Task AppendAsync(string path, GuardLogEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(entry);
        await File.AppendAllTextAsync(path, JsonSerializer.Serialize(entry, PreferenceJsonContext.Default.GuardLogEntry) + "\n", cancellationToken);
    }

    /// <summary>Reads a log, entry by entry: <c>messages</c> (each with <c>role</c> and <c>content</c>) or <c>question</c>; <c>text</c>;
    /// and where they are known <c>id</c>, <c>decision</c>, <c>reason</c>, <c>draft</c>, <c>confidence</c>, <c>correct</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">A row cannot be read; the message names the file and the line.</exception>
    public static IAsyncEnumerable<GuardLogEntry> ReadAsync(string path, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        DatasetReader.ReadAsync(
            path, options, ["messages", "question", "text", "decision", "reason", "draft", "confidence", "correct"], EntryOf, cancellationToken);

    private static GuardLogEntry EntryOf(RowFields row) => new()
    {
        Id = row.FindText("id"),
        Messages = row.Has("messages") ? [.. MessagesOf(row)] : [new PreferenceMessage("user", row.Text("question"))],
        Text = row.FindText("text") ?? "",
        Decision = ValueOf<GuardDecision>(row, "decision"),
        Reason = ValueOf<GuardReason>(row, "reason"),
        Draft = row.FindText("draft"),
        Confidence = row.FindNumber("confidence"),
        Correct = row.FindFlag("correct"),
    };

    private static IEnumerable<PreferenceMessage> MessagesOf(RowFields row)
    {
        var messages = row.Json("messages");
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw row.Bad("messages", "is no list of messages");
        }

        foreach (var message in messages.EnumerateArray())
        {
            yield return message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
                && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                    ? new(role.GetString()!, content.GetString()!)
                    : throw row.Bad("messages", "holds something else than objects with role and content as texts");
        }
    }

    private static T? ValueOf<T>(RowFields row, string field)
        where T : struct, Enum => row.FindText(field) is not { } text ? null
            : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
            : throw row.Bad(field, $"says '{text}': write one of {string.Join(", ", Enum.GetNames<T>())}");
}
