using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.AspNetCore;

/// <summary>Keeps what people said of decisions. Labels outlive their decisions: they are what a calibration learns from.</summary>
internal sealed class LabelStore(HistoryDatabase database, GuardHistoryOptions options)
{
    private const int MaxExported = 100_000;

    /// <summary>Sets or takes back the label of a decision.</summary>
    /// <param name="id">The decision.</param>
    /// <param name="label">One of <see cref="FeedbackLabel"/>; null takes it back.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<FeedbackOutcome> SaveAsync(string id, string? label, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await connection.QueryAsync("SELECT decision FROM guard_decisions WHERE id = @id", [("@id", id)], r => r.GetString(0), cancellationToken);
        if (found is not [var decision])
        {
            return FeedbackOutcome.NotFound;
        }

        if (label is null)
        {
            await connection.ExecuteAsync("DELETE FROM guard_labels WHERE id = @id", [("@id", id)], cancellationToken);
            return FeedbackOutcome.Saved;
        }

        if (!FeedbackLabel.Fits(label, decision))
        {
            return FeedbackOutcome.DoesNotFit;
        }

        await connection.ExecuteAsync(
            """
            INSERT INTO guard_labels (id, at, label, is_correct, score, raw_score, scorer, scorer_fingerprint, model, prompt_fingerprint)
            SELECT id, @at, @label, CASE WHEN score_decides = 1 AND decision IN ('delivered', 'abstained') THEN @correct END,
                score, raw_score, scorer, scorer_fingerprint, model, prompt_fingerprint
            FROM guard_decisions WHERE id = @id
            ON CONFLICT (id) DO UPDATE SET at = excluded.at, label = excluded.label, is_correct = excluded.is_correct
            """,
            [("@id", id), ("@at", options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()), ("@label", label), ("@correct", FeedbackLabel.IsCorrect(label, decision) ? 1 : 0)],
            cancellationToken);
        return FeedbackOutcome.Saved;
    }

    /// <summary>The labelled raw scores, oldest first: of first drafts on which nothing but the score decides.</summary>
    public async Task<List<LabelLine>> ExportAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QueryAsync(
            "SELECT raw_score, is_correct, scorer_fingerprint, model, prompt_fingerprint, id FROM guard_labels WHERE is_correct IS NOT NULL AND raw_score IS NOT NULL ORDER BY id LIMIT @limit",
            [("@limit", MaxExported)],
            r => new LabelLine(r.GetDouble(0), r.Whole(1) != 0, r.Text(2), r.Text(3), r.Text(4), r.GetString(5)),
            cancellationToken);
    }
}

internal enum FeedbackOutcome
{
    Saved,
    NotFound,
    DoesNotFit,
}

/// <summary>A labelled score in the export: the fields of <see cref="LabelledScore"/>, then those of
/// <see cref="CalibrationPipeline"/>.</summary>
internal sealed record LabelLine(double Score, bool IsCorrect, string? Scorer, string? Model, string? Prompt, string Id);

/// <summary>Source-generated serialization of exported labels.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LabelLine))]
internal sealed partial class LabelJsonContext : JsonSerializerContext;
