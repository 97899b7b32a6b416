using System.Data.Common;
using System.Text;
using System.Text.Json;

namespace Microscale.Guard.AspNetCore;

/// <summary>Writes decisions, and reads them one by one.</summary>
internal sealed class DecisionStore(HistoryDatabase database)
{
    /// <summary>How many rows one statement inserts: SQLite allows 32,766 parameters.</summary>
    private const int RowsPerStatement = 100;

    private static readonly string[] DetailColumns = ["id", "detail"];
    private static readonly string[] ClaimColumns = ["id", "place", "verdict", "verifier", "text"];
    private static readonly string[] DecisionColumns = [.. HistorySchema.DecisionColumns.Select(c => c.Name)];

    private const string RowColumns =
        "d.id, d.at, d.decision, d.reason, d.model, d.scorer, d.confidence, d.threshold, d.streaming, d.attempts, d.supported, d.contradicted, d.unverifiable, d.evidence, d.faults, d.total_ms, d.overhead_ms, d.tokens, d.trace_id, d.question, l.label";

    /// <summary>Writes all of a batch or nothing.</summary>
    public async Task WriteAsync(IReadOnlyList<DecisionRecord> batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await InsertAsync(connection, "guard_decisions", DecisionColumns, [.. batch.Select(Values)], cancellationToken);
        await InsertAsync(connection, "guard_details", DetailColumns, [.. batch.Select(r => new object?[] { r.Id, r.Detail })], cancellationToken);
        await InsertAsync(
            connection,
            "guard_claims",
            ClaimColumns,
            [.. batch.SelectMany(r => r.Claims.Select((c, i) => new object?[] { r.Id, i, c.Verdict, c.Verifier, c.Text }))],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Makes room in the database.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await database.TrimAsync(connection, cancellationToken);
    }

    /// <summary>The latest decisions, newest first.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<List<DecisionRow>> ListAsync(DecisionFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var (where, parameters) = filter.ToSql();
        return await connection.QueryAsync(
            $"SELECT {RowColumns} FROM guard_decisions d LEFT JOIN guard_labels l ON l.id = d.id {where} ORDER BY d.id DESC LIMIT @limit",
            [.. parameters, ("@limit", limit)],
            Row,
            cancellationToken);
    }

    /// <summary>One decision with everything that is known of it; null when it is not there.</summary>
    public async Task<DecisionView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await connection.QueryAsync(
            $"SELECT {RowColumns}, t.detail FROM guard_decisions d JOIN guard_details t ON t.id = d.id LEFT JOIN guard_labels l ON l.id = d.id WHERE d.id = @id",
            [("@id", id)],
            r => new DecisionView(Row(r), JsonSerializer.Deserialize(r.GetString(21), HistoryJsonContext.Default.DecisionDetail)!),
            cancellationToken);
        return found.FirstOrDefault();
    }

    /// <summary>How many decisions there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (long)(await connection.ScalarAsync("SELECT count(*) FROM guard_decisions", [], cancellationToken))!;
    }

    private static DecisionRow Row(DbDataReader r) => new()
    {
        Id = r.GetString(0),
        At = r.Whole(1),
        Decision = r.GetString(2),
        Reason = r.GetString(3),
        Model = r.Text(4),
        Scorer = r.Text(5),
        Confidence = r.Real(6),
        Threshold = r.Real(7),
        Streaming = r.Whole(8) != 0,
        Attempts = r.Whole(9),
        Supported = r.Whole(10),
        Contradicted = r.Whole(11),
        Unverifiable = r.Whole(12),
        Evidence = r.Whole(13),
        Faults = r.Whole(14),
        TotalMs = r.GetDouble(15),
        OverheadMs = r.GetDouble(16),
        Tokens = r.IsDBNull(17) ? null : r.Whole(17),
        TraceId = r.Text(18),
        Question = r.Text(19),
        Label = r.Text(20),
    };

    private static object?[] Values(DecisionRecord r) =>
    [
        r.Id, r.At, r.Decision, r.Reason, r.Model, r.Scorer, r.Confidence, r.Score, r.RawScore, r.ScoreBin, r.ScoreDecides ? 1 : 0,
        r.Threshold, r.Streaming ? 1 : 0, r.Attempts, r.Supported, r.Contradicted, r.Unverifiable, r.Evidence, r.Faults, r.TotalMs,
        r.ModelMs, r.OverheadMs, r.OverheadBin, r.Tokens, r.Drift, r.TraceId, r.ScorerFingerprint, r.PromptFingerprint, r.Question,
    ];

    private static async Task InsertAsync(
        DbConnection connection, string table, string[] columns, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(RowsPerStatement))
        {
            var sql = new StringBuilder($"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ");
            var parameters = new List<(string, object?)>(chunk.Length * columns.Length);
            foreach (var row in chunk)
            {
                sql.Append(parameters.Count == 0 ? "(" : ", (");
                for (var i = 0; i < row.Length; i++)
                {
                    var name = $"@p{parameters.Count}";
                    sql.Append(i == 0 ? "" : ", ").Append(name);
                    parameters.Add((name, row[i]));
                }

                sql.Append(')');
            }

            await connection.ExecuteAsync(sql.ToString(), parameters, cancellationToken);
        }
    }
}
