namespace Microscale.Guard.Evaluation.Html;

/// <summary>The errors of a pipeline in the HTML report, with examples.</summary>
internal static class ErrorSection
{
    public static void Write(HtmlWriter html, PipelineReport pipeline, KindWords words)
    {
        if (pipeline.AcceptedErrors.Count + pipeline.WithheldTruths.Count == 0)
        {
            return;
        }

        html.Markup($"<h3>Where {pipeline.Name} errs</h3>");
        Table($"{words.Passes}, but {words.IsFalse}: the most sure", pipeline.AcceptedErrors);
        Table($"{words.IsTrue}, but not {words.Passes}: the least sure", pipeline.WithheldTruths);

        void Table(string caption, IReadOnlyList<EvaluationItem> items)
        {
            if (items.Count > 0)
            {
                html.Table(
                    char.ToUpperInvariant(caption[0]) + caption[1..],
                    ["Row", "Score", "Asked", "Answer", "Expected", "Why withheld"],
                    items.Select(i => (IReadOnlyList<string>)
                    [
                        i.Id ?? (i.Row + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                        ReportText.Figure(i.Score),
                        ReportText.Excerpt(i.Question),
                        ReportText.Excerpt(i.Answer),
                        ReportText.Excerpt(i.Expected),
                        ReportText.Excerpt(i.Reason),
                    ]),
                    isText: true);
            }
        }
    }
}
