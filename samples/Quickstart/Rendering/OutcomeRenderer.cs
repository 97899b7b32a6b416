using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Shows the outcome of a question.</summary>
internal sealed class OutcomeRenderer(IAnsiConsole console)
{
    /// <summary>Below this width, in columns, the two answers stand one above the other.</summary>
    private const int SideBySideWidth = 72;

    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Shows the question, before it is answered.</summary>
    public void RenderQuestion(Question question, int number, int total)
    {
        var title = $"{number} of {total}" + (question.Purpose is { } purpose ? $" · {purpose}" : "");
        console.Write(new Rule(Markup.Escape(Printable.Clean(title))) { Justification = Justify.Left, Style = Faint });
        console.Write(Printable.Text(question.Text, Strong));
        console.WriteLine();
        console.WriteLine();
    }

    /// <summary>Shows a piece of a stream as it comes.</summary>
    public void RenderReleased(string text, TimeSpan time)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        grid.AddRow(new Text("after " + Printable.Duration(time), Faint), Printable.Text(text.Trim()));
        console.Write(grid);
    }

    /// <summary>Shows both answers, and the guard's judgement.</summary>
    public void Render(QuestionOutcome outcome)
    {
        RenderAnswers(outcome);
        var grid = new Grid().AddColumn(new GridColumn { Width = 10 }.NoWrap()).AddColumn();
        if (outcome.Report is { } report)
        {
            foreach (var (label, content) in ReportRows.Of(report, outcome))
            {
                grid.AddRow(new Text(label, Faint), content);
            }
        }
        else
        {
            grid.AddRow(new Text("Decision", Faint), new Text("none: no guard saw this answer"));
        }

        console.Write(new Padder(grid, new Padding(1, 0, 0, 1)));
    }

    private void RenderAnswers(QuestionOutcome outcome)
    {
        var bare = ("Bare model, " + Printable.Duration(outcome.DraftTime), Printable.Text(outcome.Draft));
        var guarded = ("Guarded, " + Printable.Duration(outcome.AnswerTime), Printable.Text(outcome.Answer.Text.Trim()));
        var sideBySide = console.Profile.Width >= SideBySideWidth;
        (string Header, IRenderable Content)[][] tables = sideBySide ? [[bare, guarded]] : [[bare], [guarded]];
        foreach (var columns in tables)
        {
            var table = new Table { Border = TableBorder.Square, Expand = true, BorderStyle = Faint };
            foreach (var (header, _) in columns)
            {
                table.AddColumn(new TableColumn(new Text(header, Strong)) { Width = sideBySide ? (console.Profile.Width - 7) / 2 : null });
            }

            table.AddRow(columns.Select(c => c.Content));
            console.Write(table);
        }
    }
}
