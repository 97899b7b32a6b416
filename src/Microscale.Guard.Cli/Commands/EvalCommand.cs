using System.CommandLine;
using Microscale.Guard.Cli.Evaluation;
using Microscale.Guard.Cli.Output;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale eval</c>: figures of verifiers, models and guarded clients on labelled data.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly RunCommandOptions _run;
    private readonly Option<bool> _json = CommonOptions.Json();

    public EvalCommand(Terminal terminal)
        : base(
            terminal,
            "eval",
            "Measures verifiers, models or guarded clients on labelled data.",
            new CommandExample("eval --kind groundedness --data claims.jsonl", "how well the local verifier tells supported claims"),
            new CommandExample("eval --kind qa --data questions.jsonl --pipeline bare closed-book --limit 400 --journal qa.run.jsonl", "a model bare and guarded, side by side, to be resumed when it is stopped"),
            new CommandExample("eval --kind rag --data passages.csv --client ollama --model llama3.2 --concurrency 4 --json", "a model of an Ollama server, output for machines"))
    {
        _run = new RunCommandOptions(isDataRequired: true).AddTo(this);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var request = _run.Read(arguments);
        using var run = new DataRun(request);
        var results = await RunProgressBar.ShowAsync(Terminal, progress =>
        {
            request.Options.Progress = progress;
            return run.RunAsync(cancellationToken);
        });
        if (arguments.GetValue(_json))
        {
            await Terminal.WriteJsonAsync(EvalResult.Of(results), CliJsonContext.Default.EvalResult);
        }
        else
        {
            Terminal.Console.Write(FiguresTable.Of(results));
            if (request.Options.JournalPath is { } journal)
            {
                await Terminal.Error.WriteLineAsync($"'microscale report {journal} --html report.html' shows them with curves and errors.");
            }
        }

        return ExitCodes.Success;
    }
}
