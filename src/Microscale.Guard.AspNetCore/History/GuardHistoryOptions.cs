namespace Microscale.Guard.AspNetCore;

/// <summary>Where the dashboard keeps what became of requests, and how much of it.</summary>
public sealed class GuardHistoryOptions
{
    /// <summary>The SQLite file; it is made where it is not there.</summary>
    /// <value>The default value is <c>guard-history.db</c> in the application's content root.</value>
    public string SqliteFile { get; set; } = "guard-history.db";

    /// <summary>The connection string of a PostgreSQL database, in place of the file: the replicas of an application that share
    /// a database share one page.</summary>
    /// <value>The default value is <see langword="null"/>: the file is used.</value>
    public string? PostgreSql { get; set; }

    /// <summary>Whether questions, answers, claims and evidence are kept and shown. Without it the history holds decisions,
    /// verdicts, scores and times only.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool CaptureContent { get; set; }

    /// <summary>The longest text that is kept of an answer, a claim or a passage, in UTF-16 units; 100 to 1,000,000.</summary>
    /// <value>The default value is 20,000.</value>
    public int MaxTextLength { get; set; } = 20_000;

    /// <summary>How long decisions are kept. Labels stay.</summary>
    /// <value>The default value is 30 days.</value>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many decisions are kept at most.</summary>
    /// <value>The default value is 1,000,000.</value>
    public int MaxDecisions { get; set; } = 1_000_000;

    /// <summary>How large the SQLite file may grow; at least 1 MiB. The oldest decisions make room.</summary>
    /// <value>The default value is 512 MiB.</value>
    public long MaxBytes { get; set; } = 512L << 20;

    /// <summary>How many decisions may wait to be written; further ones are dropped and counted. At least 100.</summary>
    /// <value>The default value is 10,000.</value>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>How long the database may take over one batch.</summary>
    /// <value>The default value is 5 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        Require(PostgreSql is not null || !string.IsNullOrWhiteSpace(SqliteFile), nameof(SqliteFile), $"to a file, or {nameof(PostgreSql)} to a connection string");
        Require(MaxTextLength is >= 100 and <= 1_000_000, nameof(MaxTextLength), "from 100 to 1,000,000");
        Require(MaxAge > TimeSpan.Zero, nameof(MaxAge), "above zero");
        Require(MaxDecisions > 0, nameof(MaxDecisions), "above zero");
        Require(MaxBytes >= 1 << 20, nameof(MaxBytes), "to 1 MiB (1048576) or more");
        Require(QueueCapacity >= 100, nameof(QueueCapacity), "to 100 or more");
        Require(Timeout >= TimeSpan.FromSeconds(1) && Timeout <= TimeSpan.FromMinutes(5), nameof(Timeout), "from a second to five minutes");
        Require(TimeProvider is not null, nameof(TimeProvider), "to a time provider, such as TimeProvider.System");
    }

    private static void Require(bool holds, string setting, string remedy)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{nameof(GuardHistoryOptions)}.{setting} cannot be used: set it {remedy}.");
        }
    }
}
