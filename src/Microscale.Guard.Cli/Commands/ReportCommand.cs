using System.CommandLine;
using System.Text;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Evaluation;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale report</c>: what runs found, as HTML, Markdown or JSON.</summary>
internal sealed class ReportCommand : CliCommand
{
    private readonly Argument<FileInfo[]> _journals = new("journal") { Description = "Journals of runs (eval --journal).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<FileInfo?> _html = new("--html") { Description = "Write one HTML file, which needs no other.", HelpName = "file" };
    private readonly Option<FileInfo?> _markdown = new("--markdown") { Description = "Write Markdown.", HelpName = "file" };
    private readonly Option<string> _title = new("--title") { Description = "What it is about.", HelpName = "text", DefaultValueFactory = _ => "Evaluation" };
    private readonly Option<bool> _noTexts = new("--no-texts") { Description = "Leave questions and answers out." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public ReportCommand(Terminal terminal)
        : base(
            terminal,
            "report",
            "Shows what runs found: curves, calibration, errors, comparisons.",
            new CommandExample("report qa.run.jsonl --html report.html", "one file to look at, print or send"),
            new CommandExample("report runs/*.jsonl --markdown report.md --title \"Release 12\"", "several runs in one report"))
    {
        Arguments.Add(_journals);
        foreach (var option in (Option[])[_html, _markdown, _title, _noTexts, _json])
        {
            Options.Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var runs = new List<RunResults>();
        foreach (var journal in arguments.GetValue(_journals)!)
        {
            cancellationToken.ThrowIfCancellationRequested();
            runs.Add(Load(journal));
        }

        var report = await Terminal.WaitAsync("Drawing", () => Task.Run(
            () => EvaluationReport.Create(arguments.GetValue(_title)!, runs, new ReportOptions { ShowTexts = !arguments.GetValue(_noTexts) }), cancellationToken));
        var (html, markdown, json) = (arguments.GetValue(_html), arguments.GetValue(_markdown), arguments.GetValue(_json));
        await WriteAsync(html, report, HtmlReport.Write);
        await WriteAsync(markdown, report, MarkdownReport.Write);
        if (json)
        {
            JsonReport.Write(report, Terminal.Output);
        }
        else if (html is null && markdown is null)
        {
            MarkdownReport.Write(report, Terminal.Output);
        }

        return ExitCodes.Success;
    }

    private static RunResults Load(FileInfo journal)
    {
        if (!journal.Exists)
        {
            throw new BadInputException($"There is no journal '{journal}': 'microscale eval … --journal FILE' writes one.");
        }

        try
        {
            return RunResults.Load(journal.FullName);
        }
        catch (InvalidDataException exception)
        {
            throw new BadInputException(exception.Message, exception);
        }
    }

    private async Task WriteAsync(FileInfo? file, EvaluationReport report, Action<EvaluationReport, TextWriter> write)
    {
        if (file is not null)
        {
            await using (var writer = new StreamWriter(file.FullName, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                write(report, writer);
            }

            await Terminal.Error.WriteLineAsync($"Wrote {file}.");
        }
    }
}
