namespace Microscale.Guard.Evaluation;

/// <summary>What runs found, made ready to be shown: as HTML (<see cref="HtmlReport"/>), Markdown (<see cref="MarkdownReport"/>) or JSON
/// (<see cref="JsonReport"/>).</summary>
/// <param name="Title">What it is about.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Runs">The runs.</param>
public sealed record EvaluationReport(string Title, DateTimeOffset CreatedAt, IReadOnlyList<RunReport> Runs)
{
    /// <summary>Makes a report.</summary>
    /// <param name="title">What it is about.</param>
    /// <param name="runs">What was found; at least one run.</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    public static EvaluationReport Create(string title, IReadOnlyList<RunResults> runs, ReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(runs);
        options ??= new();
        return new(title, options.TimeProvider.GetUtcNow(), [.. runs.Select(r => RunReport.Create(r, options))]);
    }
}

/// <summary>How a report is made.</summary>
public sealed class ReportOptions
{
    /// <summary>How many samples are drawn for each interval.</summary>
    /// <value>The default value is 1,000; fewer for more than 5,000 rows.</value>
    public int Resamples { get; set; } = 1000;

    /// <summary>Whether questions and answers are shown.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool ShowTexts { get; set; } = true;

    /// <summary>Dates the report.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
