using System.Globalization;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Evaluation;

/// <summary>The figures of a pipeline, made of its rows.</summary>
/// <remarks>
/// <para>A figure is null where it is not defined: without rows, without scores, or where all rows are of one class. Rows without a
/// score rank last, and are left out of the figures of calibration.</para>
/// </remarks>
public sealed record RunFigures
{
    /// <summary>How many rows.</summary>
    public required int N { get; init; }

    /// <summary>How long their evaluation took, added up.</summary>
    public required double Seconds { get; init; }

    /// <summary>The mean over the classes of the share that is decided rightly: supported claims that pass and other ones that do not,
    /// right answers that are delivered and wrong ones that are withheld, labels that are found.</summary>
    public double? BalancedAccuracy { get; init; }

    /// <summary>The probability that something true scores above something false.</summary>
    public double? Auroc { get; init; }

    /// <summary>The share of rows of which what the caller gets is right: the verdict, the label, the answer; a question without
    /// answer is, when nothing is answered.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The share of rows that pass.</summary>
    public double? Coverage { get; init; }

    /// <summary>The share of false ones among those that pass; null where none does.</summary>
    public double? SelectiveRisk { get; init; }

    /// <summary>The area under the risk–coverage curve.</summary>
    public double? Aurc { get; init; }

    /// <summary>The same above that of a perfect order.</summary>
    public double? EAurc { get; init; }

    /// <summary>The expected calibration error over ten bins of equal width.</summary>
    public double? Ece { get; init; }

    /// <summary>The Brier score.</summary>
    public double? Brier { get; init; }

    /// <summary>What became of schemas; null for other kinds of data.</summary>
    public SchemaCounts? Schema { get; init; }

    /// <summary>The figures with their names, in the order of the properties; the undefined ones left out.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, double>> ByName => RunMetric.All
        .Select(m => KeyValuePair.Create(m.Name, m.Read(this)))
        .Where(p => p.Value is not null)
        .Select(p => KeyValuePair.Create(p.Key, p.Value!.Value));

    /// <summary>The figures of a pipeline.</summary>
    /// <param name="results">What a run found of it.</param>
    public static RunFigures Of(PipelineResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var figures = results.Schema is null ? Of([.. results.Rows]) : new RunFigures { N = results.Rows.Count, Seconds = 0 };
        return figures with { Seconds = Math.Round(results.Time.TotalSeconds, 2), Schema = results.Schema };
    }

    internal static RunFigures Of(EvaluatedRow[] rows)
    {
        var figures = new RunFigures { N = rows.Length, Seconds = 0 };
        foreach (var metric in rows.Length == 0 ? [] : RunMetric.All)
        {
            figures = metric.Write(figures, metric.Of(rows));
        }

        return figures;
    }

    /// <summary>A line for a log.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{N} rows, {string.Join(", ", ByName.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value:0.000}")))}");
}
