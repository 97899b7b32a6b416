using System.Globalization;

namespace Microscale.Guard.Evaluation.Charts;

/// <summary>Risk over coverage of each pipeline, and where each of them stands.</summary>
internal static class RiskCoverageChart
{
    public static string Draw(string id, IReadOnlyList<PipelineReport> pipelines)
    {
        var scored = pipelines.Where(p => p.RiskCoverage.Count > 0).ToArray();
        var top = Math.Clamp(Math.Ceiling(10 * scored.SelectMany(p => p.RiskCoverage.Where(q => q.Coverage >= 0.02).Select(q => q.Risk)
            .Append(p.Figures.SelectiveRisk ?? 0)).DefaultIfEmpty(1).Max()) / 10, 0.1, 1);
        var plot = new SvgPlot(
            id,
            "Risk over coverage",
            "The share of false ones among those that pass, when the most sure rows pass first. Lower is better; the dot is where the pipeline's own decisions stand.")
        {
            MaxY = top,
        }.Axes("Coverage: share that passes", "Risk: share of false ones");
        foreach (var (pipeline, index) in pipelines.Select((p, i) => (p, i)).Where(p => p.p.RiskCoverage.Count > 0))
        {
            // The first few rows say nothing of a rate.
            plot.Line(pipeline.RiskCoverage.Where(p => p.Coverage >= 0.02 || p.Answered >= 50).Select(p => (p.Coverage, Math.Min(p.Risk, top))), index);
        }

        foreach (var (pipeline, index) in pipelines.Select((p, i) => (p, i)))
        {
            if (pipeline.Figures is { Coverage: { } coverage, SelectiveRisk: { } risk })
            {
                plot.Dot(coverage, Math.Min(risk, top), index, string.Create(
                    CultureInfo.InvariantCulture, $"{pipeline.Name}: {coverage:P1} pass, {risk:P1} of them false"), radius: 6);
            }
        }

        return plot.ToString();
    }
}
