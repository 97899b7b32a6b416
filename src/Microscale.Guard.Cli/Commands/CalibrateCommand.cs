using System.CommandLine;
using System.Globalization;
using Microscale.Guard.Cli.Evaluation;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Evaluation;
using Spectre.Console;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale calibrate</c>: probabilities from scores, and thresholds with a guarantee, from labelled data.</summary>
internal sealed class CalibrateCommand : CliCommand
{
    private readonly RunCommandOptions _run;
    private readonly Option<FileInfo> _output = new("--output", "-o") { Description = "The calibration artefact.", HelpName = "file", Required = true };

    private readonly Option<double[]> _errorRates = new("--error-rate")
    {
        Description = "Error rates to be met; the exit code is 1 when one of them is infeasible. 0.01, 0.02, 0.05, 0.1 and 0.2 are sought anyway.",
        HelpName = "share",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double> _delta = new("--delta")
    {
        Description = "The probability that a guarantee fails.",
        HelpName = "share",
        DefaultValueFactory = _ => 0.1,
    };

    private readonly Option<double> _fitShare = new("--fit-share")
    {
        Description = "The share of the groups that is fitted on; the rest is tested on.",
        HelpName = "share",
        DefaultValueFactory = _ => 0.5,
    };

    private readonly Option<CalibrationMethod> _method = new("--method") { Description = "The calibrator: isotonic, platt, temperature or histogram.", HelpName = "name" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public CalibrateCommand(Terminal terminal)
        : base(
            terminal,
            "calibrate",
            "Fits a calibration on one part of labelled data, tests it on the other, and states what is guaranteed.",
            new CommandExample("calibrate --kind rag --data passages.jsonl --error-rate 0.1 --output rag.json", "a threshold for 10 % of errors, or the finding that there is none"),
            new CommandExample("calibrate --journal qa.run.jsonl --pipeline bare --output qa.json", "from a run that was made before"))
    {
        _run = new RunCommandOptions(isDataRequired: false).AddTo(this);
        foreach (var share in (Option[])[_errorRates, _delta, _fitShare])
        {
            share.Validators.Add(result =>
            {
                if (result.Tokens.Any(t => !(double.TryParse(t.Value, CultureInfo.InvariantCulture, out var value) && value > 0 && value < 1)))
                {
                    result.AddError($"{share.Name} is between 0 and 1, such as 0.1.");
                }
            });
        }

        foreach (var option in (Option[])[_output, _errorRates, _delta, _fitShare, _method, _json])
        {
            Options.Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var results = await MeasureAsync(arguments, cancellationToken);
        if (!results.IsComplete)
        {
            throw new BadInputException($"The run is not complete ({results.Count} of {results.Total} evaluations): finish it first.");
        }

        var wanted = arguments.GetValue(_errorRates) ?? [];
        var outcome = Fit(arguments, results, wanted);
        var output = arguments.GetValue(_output)!;
        outcome.Artefact.Save(output.FullName);
        if (arguments.GetValue(_json))
        {
            await Terminal.WriteJsonAsync(CalibrationView.Of(outcome), CliJsonContext.Default.CalibrationView);
        }
        else
        {
            Write(outcome);
        }

        await Terminal.Error.WriteLineAsync($"Wrote {output}.");
        return outcome.Guarantees.Any(g => wanted.Contains(g.Guarantee.ErrorRate) && !g.Guarantee.IsFeasible) ? ExitCodes.CheckFailed : ExitCodes.Success;
    }

    private async Task<RunResults> MeasureAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            if (!_run.HasData(arguments))
            {
                var journal = _run.Journal(arguments) ?? throw new BadInputException("Name the labelled data (--kind and --data), or the journal of a run (--journal).");
                return RunResults.Load(journal.FullName);
            }

            var request = _run.Read(arguments);
            using var run = new DataRun(request);
            return await RunProgressBar.ShowAsync(Terminal, progress =>
            {
                request.Options.Progress = progress;
                return run.RunAsync(cancellationToken);
            });
        }
        catch (InvalidDataException exception)
        {
            throw new BadInputException(exception.Message, exception);
        }
    }

    private CalibrationOutcome Fit(ParseResult arguments, RunResults results, double[] wanted)
    {
        var names = _run.Pipelines(arguments);
        var pipeline = results.Pipelines.FirstOrDefault(p => names.Count == 0 || Path.GetFileNameWithoutExtension(names[0]) == p.Name)
            ?? throw new BadInputException($"The run has no pipeline '{names[0]}', but {string.Join(", ", results.Pipelines.Select(p => p.Name))}.");
        var options = new CalibrationOptions { Method = arguments.GetValue(_method), Delta = arguments.GetValue(_delta) };
        foreach (var rate in wanted.Where(r => !options.ErrorRates.Contains(r)))
        {
            options.ErrorRates.Add(rate);
        }

        try
        {
            return CalibrationRun.Fit(results.Run, pipeline, new GroupSplit(results.Run.Seed, arguments.GetValue(_fitShare)), options);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new BadInputException(exception.Message, exception);
        }
    }

    private void Write(CalibrationOutcome outcome)
    {
        var artefact = outcome.Artefact;
        Terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Fitted on {artefact.SampleCount} rows, {(double)artefact.CorrectCount / artefact.SampleCount:P1} of them true; tested on {outcome.TestCount}."));
        Terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Tested: ECE {outcome.EceBefore:0.000} before, {outcome.EceAfter:0.000} after; Brier score {outcome.BrierBefore:0.000} before, {outcome.BrierAfter:0.000} after."));
        var table = new Table().AddColumns("Error rate at most", "Confidence", "Score at least", "Coverage", "Tested: coverage", "Tested: error");
        foreach (var (guarantee, answered, _, coverage, risk) in outcome.Guarantees)
        {
            table.AddRow(
                Share(guarantee.ErrorRate),
                guarantee.Delta is { } delta ? Share(1 - delta) : "on average",
                guarantee.Threshold?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "infeasible",
                guarantee.IsFeasible ? Share(guarantee.Coverage) : "",
                guarantee.IsFeasible ? Share(coverage) : "",
                answered > 0 ? Share(risk!.Value) : "");
        }

        Terminal.Console.Write(table);
    }

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");
}
