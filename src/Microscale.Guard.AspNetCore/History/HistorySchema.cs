namespace Microscale.Guard.AspNetCore;

/// <summary>The tables of the history. Rows that are counted are kept small; texts lie in a table of their own.</summary>
internal static class HistorySchema
{
    /// <summary>The columns of <c>guard_decisions</c> with their types, in the order in which they are written.</summary>
    public static readonly (string Name, string Type)[] DecisionColumns =
    [
        ("id", "{id} PRIMARY KEY"), ("at", "BIGINT NOT NULL"), ("decision", "TEXT NOT NULL"), ("reason", "TEXT NOT NULL"),
        ("model", "TEXT"), ("scorer", "TEXT"), ("confidence", "{real}"), ("score", "{real}"), ("raw_score", "{real}"),
        ("score_bin", "INTEGER"), ("score_decides", "INTEGER NOT NULL"), ("threshold", "{real}"), ("streaming", "INTEGER NOT NULL"),
        ("attempts", "INTEGER NOT NULL"), ("supported", "INTEGER NOT NULL"), ("contradicted", "INTEGER NOT NULL"),
        ("unverifiable", "INTEGER NOT NULL"), ("evidence", "INTEGER NOT NULL"), ("faults", "INTEGER NOT NULL"),
        ("total_ms", "{real} NOT NULL"), ("model_ms", "{real} NOT NULL"), ("overhead_ms", "{real} NOT NULL"),
        ("overhead_bin", "INTEGER NOT NULL"), ("tokens", "BIGINT"), ("drift", "{real}"), ("trace_id", "TEXT"),
        ("scorer_fingerprint", "TEXT"), ("prompt_fingerprint", "TEXT"), ("question", "TEXT"),
    ];

    /// <summary>The tables whose rows go with their decision. Labels stay.</summary>
    public static readonly string[] TablesByDecision = ["guard_decisions", "guard_details", "guard_claims"];

    /// <summary>The statements that make the tables where they are not there.</summary>
    /// <param name="id">The type of an id: text that compares by its bytes.</param>
    /// <param name="real">The type of a number with 64 bits.</param>
    /// <param name="suffix">What follows a table whose key is its order.</param>
    public static IEnumerable<string> Create(string id, string real, string suffix)
    {
        var columns = string.Join(", ", DecisionColumns.Select(c => $"{c.Name} {c.Type}")).Replace("{id}", id, StringComparison.Ordinal).Replace("{real}", real, StringComparison.Ordinal);
        yield return $"CREATE TABLE IF NOT EXISTS guard_decisions ({columns}) {suffix}";
        yield return $"CREATE TABLE IF NOT EXISTS guard_details (id {id} PRIMARY KEY, detail TEXT NOT NULL)";
        yield return $"CREATE TABLE IF NOT EXISTS guard_claims (id {id} NOT NULL, place INTEGER NOT NULL, verdict TEXT NOT NULL, verifier TEXT NOT NULL, text TEXT, PRIMARY KEY (id, place)) {suffix}";
        yield return $"CREATE TABLE IF NOT EXISTS guard_labels (id {id} PRIMARY KEY, at BIGINT NOT NULL, label TEXT NOT NULL, is_correct INTEGER, score {real}, raw_score {real}, scorer TEXT, scorer_fingerprint TEXT, model TEXT, prompt_fingerprint TEXT) {suffix}";
    }
}
