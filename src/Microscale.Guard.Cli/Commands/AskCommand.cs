using System.CommandLine;
using System.Diagnostics;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Cli.Pipelines;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale ask</c>: one guarded question.</summary>
internal sealed class AskCommand : CliCommand
{
    private readonly Argument<string> _question = new("question") { Description = "The question; - reads it from standard input." };
    private readonly PipelineOptions _pipeline;
    private readonly Option<bool> _json = CommonOptions.Json();

    public AskCommand(Terminal terminal)
        : base(
            terminal,
            "ask",
            "Asks one question through the guard, and shows the answer with its verdicts.",
            new CommandExample("ask \"What is the waggle dance?\" --documents handbook/", "answer from a folder of documents"),
            new CommandExample("ask \"Who wrote Faust?\" --client ollama --model llama3.2", "ask a model of an Ollama server"),
            new CommandExample("ask \"Summarise section 3\" -d report.md --pipeline strict.json --json", "a pipeline of your own, output for machines"))
    {
        Arguments.Add(_question);
        _pipeline = new PipelineOptions().AddTo(this);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var question = arguments.GetValue(_question)!;
        if (question == "-")
        {
            question = await Console.In.ReadToEndAsync(cancellationToken);
        }

        if (string.IsNullOrWhiteSpace(question))
        {
            throw new BadInputException("The question is empty: put its words in quotes.");
        }

        using var pipeline = await Terminal.WaitAsync("Loading the models", () => _pipeline.OpenAsync(arguments, keepDraft: true, cancellationToken));
        var watch = Stopwatch.StartNew();
        var response = await Terminal.WaitAsync(
            "Asking", () => pipeline.Guarded.GetResponseAsync(question, _pipeline.ReadRequest(arguments, pipeline), cancellationToken));
        var answer = GuardedAnswer.From(response, watch.Elapsed);
        if (arguments.GetValue(_json))
        {
            await Terminal.WriteJsonAsync(answer, CliJsonContext.Default.GuardedAnswer);
        }
        else
        {
            AnswerView.Write(Terminal.Console, answer, response.GetGuardReport());
        }

        return ExitCodes.Success;
    }
}
