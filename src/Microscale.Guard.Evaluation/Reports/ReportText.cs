using System.Globalization;

namespace Microscale.Guard.Evaluation;

/// <summary>Writes figures for people.</summary>
internal static class ReportText
{
    private const int LongestText = 320;

    public static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";

    public static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %") : "–";

    public static string Interval(IReadOnlyDictionary<string, MetricInterval> intervals, string name) => intervals.TryGetValue(name, out var interval)
        ? string.Create(CultureInfo.InvariantCulture, $"{interval.Low:0.000} to {interval.High:0.000}")
        : "";

    public static string PValue(double value) => value < 0.001 ? "< 0.001" : value.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Signed(double value) => value.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);

    /// <summary>A text of the data, on one line, cut where it is long.</summary>
    public static string Excerpt(string? text)
    {
        var line = string.Join(' ', (text ?? "").Split(default(char[]?), StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestText ? line : line[..(char.IsHighSurrogate(line[LongestText - 1]) ? LongestText - 1 : LongestText)] + " …";
    }

    /// <summary>How a run was made, on one line.</summary>
    public static string Origin(RunReport report)
    {
        var run = report.Run;
        var rows = run.Limit is { } limit && limit < run.Rows
            ? string.Create(CultureInfo.InvariantCulture, $"{limit:N0} of {run.Rows:N0} rows, drawn by seed {run.Seed}")
            : string.Create(CultureInfo.InvariantCulture, $"all {run.Rows:N0} rows");
        var hash = run.DataHash is { Length: >= 12 } data ? $", SHA-256 {data[..12]}…" : "";
        var missing = report.Done < report.Total
            ? string.Create(CultureInfo.InvariantCulture, $" The run is not complete: {report.Done:N0} of {report.Total:N0} evaluations are done.")
            : "";
        return $"{run.Data}{hash}: {rows}.{missing}";
    }
}
