using System.Text.Json;
using System.Text.RegularExpressions;
using Microscale.Guard.Evaluation.Tests.Runs;

namespace Microscale.Guard.Evaluation.Tests.Reports;

public partial class ReportTests
{
    [Fact]
    public async Task Html_Report_NeedsNothingElse()
    {
        var html = await HtmlAsync();

        Assert.DoesNotMatch(ReferenceElsewhere, html);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_Charts_HaveTitlesAndTablesBehindThem()
    {
        var html = await HtmlAsync();
        var charts = Charts.Matches(html);

        // Risk over coverage, four comparisons, and of each of two pipelines reliability, histogram, triangle and curves.
        Assert.Equal(13, charts.Count);
        Assert.All(charts, c => Assert.Matches("""^<svg viewBox="[^"]+" role="img" aria-labelledby="(\S+-t) (\S+-d)"><title id="\1">[^<]+</title><desc id="\2">[^<]+</desc>""", c.Value));
        Assert.Equal(charts.Count, Regex.Count(html, "<details><summary>Data</summary>"));
        Assert.Equal(charts.Count, charts.Select(c => IdOf(c.Value)).Distinct().Count());
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_TextsOfTheData_AreNoMarkup()
    {
        var html = await HtmlAsync(item => item with { Question = "<script>alert(1)</script> & {0}", Answer = "\"'><img src=x>" });

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; {0}", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_Tags_AreClosed()
    {
        var open = new Stack<string>();
        foreach (var tag in Tags.Matches(await HtmlAsync()).Select(m => m.Value))
        {
            var name = TagName.Match(tag).Value;
            if (tag.StartsWith("</", StringComparison.Ordinal))
            {
                Assert.Equal(open.Pop(), name);
            }
            else if (!tag.EndsWith("/>", StringComparison.Ordinal) && name is not ("meta" or "doctype"))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
    }

    [Fact]
    public async Task Create_WithoutTexts_ShowsNone()
    {
        var results = await RunAsync();
        using var output = new StringWriter();

        HtmlReport.Write(EvaluationReport.Create("T", [results], new ReportOptions { Resamples = 20, ShowTexts = false }), output);

        Assert.DoesNotContain("Question 3", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_Figures_AreThoseOfTheRun()
    {
        var results = await RunAsync();
        var report = EvaluationReport.Create("T", [results], new ReportOptions { Resamples = 50 });
        var pipeline = report.Runs[0].Pipelines[0];

        Assert.Equal(RunFigures.Of(results.Pipelines[0]), pipeline.Figures);
        Assert.All(pipeline.Intervals, i => Assert.InRange(i.Value.Value, i.Value.Low - 1e-9, i.Value.High + 1e-9));
        Assert.Equal(results.Pipelines[0].Rows.Count, pipeline.Histogram.Sum(b => b.True + b.False));
        Assert.Equal(results.Pipelines[0].Rows.Count(r => r.IsTrue), pipeline.Histogram.Sum(b => b.True));
        Assert.Equal(1, pipeline.TradeOff[0].Coverage);
        Assert.True(pipeline.TradeOff.Zip(pipeline.TradeOff.Skip(1)).All(p => p.First.Coverage >= p.Second.Coverage));
        Assert.All(report.Runs[0].Differences, d => Assert.Equal(("a", "b"), (d.From, d.To)));
    }

    [Fact]
    public async Task Markdown_Report_HasTheFigures()
    {
        var results = await RunAsync();
        using var output = new StringWriter();

        MarkdownReport.Write(EvaluationReport.Create("My | run", [results], new ReportOptions { Resamples = 20 }), output);

        Assert.Contains("# My \\| run", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("| figure | a | b |", output.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"\| AUROC \| 0\.\d{3} \(0\.\d{3} to 0\.\d{3}\) \|", output.ToString());
    }

    [Fact]
    public async Task Json_Report_CanBeRead()
    {
        using var output = new StringWriter();

        JsonReport.Write(EvaluationReport.Create("T", [await RunAsync()], new ReportOptions { Resamples = 20 }), output);

        var pipeline = JsonElement.Parse(output.ToString()).GetProperty("runs")[0].GetProperty("pipelines")[0];
        Assert.InRange(pipeline.GetProperty("figures").GetProperty("auroc").GetDouble(), 0, 1);
        Assert.InRange(pipeline.GetProperty("intervals").GetProperty("auroc").GetProperty("low").GetDouble(), 0, 1);
        Assert.NotEmpty(pipeline.GetProperty("riskCoverage").EnumerateArray());
    }

    [Fact]
    public async Task Html_SchemasOnly_HasCountsAndNoCharts()
    {
        var html = await HtmlAsync(item => item with { Score = null, Schema = new(1, 0, 2, 3, 0) });

        Assert.Contains("schemas compiled", html, StringComparison.Ordinal);
        Assert.Empty(Charts.Matches(html));
    }

    [GeneratedRegex("""(src|href)=|@import|url\(|https?://""")]
    private static partial Regex ReferenceElsewhere { get; }

    [GeneratedRegex("<svg viewBox=\"[^\"]+\" role.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Charts { get; }

    [GeneratedRegex("</?[a-z][^>]*>")]
    private static partial Regex Tags { get; }

    [GeneratedRegex("[a-z][a-z0-9]*", RegexOptions.IgnoreCase)]
    private static partial Regex TagName { get; }

    private static string IdOf(string svg) => svg[..svg.IndexOf('>', StringComparison.Ordinal)];

    private static async Task<RunResults> RunAsync(Func<EvaluationItem, EvaluationItem>? change = null) => await EvaluationRun.RunAsync(
        Pairs.Data(120),
        [
            new TestPipeline("a", (row, _) => ValueTask.FromResult(change?.Invoke(Pairs.Item(row)) ?? Pairs.Item(row))),
            new TestPipeline("b", (row, _) =>
            {
                var item = Pairs.Item(row) with { IsAccepted = row.Number % 4 != 0 };
                return ValueTask.FromResult(change?.Invoke(item) ?? item);
            }),
        ]);

    private static async Task<string> HtmlAsync(Func<EvaluationItem, EvaluationItem>? change = null)
    {
        using var output = new StringWriter();
        HtmlReport.Write(EvaluationReport.Create("Evaluation", [await RunAsync(change)], new ReportOptions { Resamples = 20 }), output);
        return output.ToString();
    }
}
