using System.Globalization;

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
                (string Head, Func<EvaluationItem, string?> Read)[] columns =
                [
                    ("Row", i => i.Id ?? (i.Row + 1).ToString(CultureInfo.InvariantCulture)),
                    ("Score", i => ReportText.Figure(i.Score)),
                    ("Asked", i => i.Question),
                    ("Answer", i => i.Answer),
                    ("Expected", i => i.Expected),
                    ("Why withheld", i => i.Reason),
                ];
                columns = Array.FindAll(columns, c => items.Any(i => !string.IsNullOrEmpty(c.Read(i))));
                html.Table(
                    char.ToUpperInvariant(caption[0]) + caption[1..],
                    [.. columns.Select(c => c.Head)],
                    items.Select(i => (IReadOnlyList<string>)[.. columns.Select(c => ReportText.Excerpt(c.Read(i)))]),
                    isText: true);
            }
        }
    }
}
