using System.CommandLine;
using System.Globalization;
using Microscale.Guard.Cli.Documents;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Evaluation;
using Spectre.Console;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale floor</c>: how many facts of a corpus or a traffic log were seen once, and what abstention that asks
/// for.</summary>
internal sealed class FloorCommand : CliCommand
{
    private const string Pairs = "pairs";
    private const string Entities = "entities";
    private const string Questions = "questions";

    private static readonly double[] s_errorRates = [0.01, 0.02, 0.05, 0.1];

    private readonly Argument<string[]> _paths = new("path") { Description = "Documents: files, or folders of them. With --text, logs: .jsonl, .csv or .tsv.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<string?> _text = new("--text", "-t") { Description = "The paths are logs, and this field of each row is counted.", HelpName = "field" };

    private readonly Option<string?> _facts = new("--facts", "-f")
    {
        Description = "What counts as a fact: pairs of an entity and an attribute (the default for documents), entities, or whole questions (the default for logs).",
        HelpName = $"{Pairs}|{Entities}|{Questions}",
    };

    private readonly Option<double> _calibrationError = new("--calibration-error") { Description = "The expected calibration error of the model, as eval measures it.", HelpName = "0..1" };

    private readonly Option<double[]> _errorRates = new("--error-rate", "-e")
    {
        Description = "Error rates to reach among the answered questions.",
        HelpName = "0..1",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _examples = new("--examples") { Description = "Show that many facts that were seen once.", HelpName = "n" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public FloorCommand(Terminal terminal)
        : base(
            terminal,
            "floor",
            "Estimates how much a calibrated model must make up, from the facts that a corpus or a traffic log holds once.",
            new CommandExample("floor handbook/ --examples 10", "the facts of a folder of documents"),
            new CommandExample("floor traffic.jsonl --text question", "the share of questions that are new"),
            new CommandExample("floor handbook/ --calibration-error 0.04 --error-rate 0.05 --json", "for a model whose calibration was measured, for machines"))
    {
        _facts.AcceptOnlyFromAmong(Pairs, Entities, Questions);
        Arguments.Add(_paths);
        foreach (var option in (Option[])[_text, _facts, _calibrationError, _errorRates, _examples, _json])
        {
            Options.Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var field = arguments.GetValue(_text);
        var counter = new FactCounter((arguments.GetValue(_facts) ?? (field is null ? Pairs : Questions)) switch
        {
            Entities => FactExtraction.Entities,
            Questions => FactExtraction.Question,
            _ => FactExtraction.EntityAttributes,
        });
        double[] rates = arguments.GetValue(_errorRates) is { Length: > 0 } named ? named : s_errorRates;
        FloorView view;
        try
        {
            await foreach (var text in TextsAsync(arguments.GetValue(_paths)!, field, cancellationToken))
            {
                counter.Add(text);
            }

            view = FloorView.Of(counter.Estimate(arguments.GetValue(_calibrationError)), rates, counter.SeenOnce(Math.Max(0, arguments.GetValue(_examples))));
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or InvalidOperationException)
        {
            throw new BadInputException(exception.Message, exception);
        }

        if (arguments.GetValue(_json))
        {
            await Terminal.WriteJsonAsync(view, CliJsonContext.Default.FloorView);
        }
        else
        {
            Write(view);
        }

        return ExitCodes.Success;
    }

    private static async IAsyncEnumerable<string> TextsAsync(
        string[] paths, string? field, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (field is null)
        {
            foreach (var document in await DocumentReader.ReadAsync(paths, cancellationToken))
            {
                yield return document.Text;
            }

            yield break;
        }

        foreach (var path in paths)
        {
            await foreach (var text in DatasetReader.ReadTextsAsync(path, field, cancellationToken: cancellationToken))
            {
                yield return text;
            }
        }
    }

    private void Write(FloorView view)
    {
        var console = Terminal.Console;
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{view.Documents:n0} documents hold {view.Facts:n0} different facts; {view.SeenOnce:n0} of them stand in one document only."));
        var table = new Table().AddColumns("", "Estimate", $"{view.Level:P0} interval");
        Row("Share of facts seen once (Good-Turing)", view.Share);
        Row(view.CalibrationError == 0 ? "Made up by a calibrated model that answers all" : $"Made up by a model that answers all, calibration error {Percent(view.CalibrationError)}", view.Floor);
        foreach (var need in view.Abstention)
        {
            Row($"Least share left unanswered for {Percent(need.ErrorRate)} wrong among the answered", need.Share);
        }

        console.Write(table);
        foreach (var example in view.Examples)
        {
            console.WriteLine(Printable.Of($"seen once: {example}"));
        }

        void Row(string what, FloorShare share) =>
            table.AddRow(Printable.Cell(what), Printable.Cell(Percent(share.Value)), Printable.Cell($"{Percent(share.Low)} to {Percent(share.High)}"));
    }

    private static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);
}

/// <summary>What <c>floor --json</c> prints.</summary>
internal sealed record FloorView(
    long Documents,
    long Observations,
    long Facts,
    long SeenOnce,
    long SeenTwice,
    double Level,
    FloorShare Share,
    double CalibrationError,
    FloorShare Floor,
    IReadOnlyList<FloorAbstention> Abstention,
    IReadOnlyList<string> Examples)
{
    public static FloorView Of(FloorEstimate estimate, IEnumerable<double> errorRates, IReadOnlyList<string> examples) => new(
        estimate.Documents,
        estimate.Observations,
        estimate.Facts,
        estimate.SeenOnce,
        estimate.SeenTwice,
        estimate.Share.Level,
        FloorShare.Of(estimate.Share),
        estimate.CalibrationError,
        FloorShare.Of(estimate.Floor),
        [.. errorRates.Select(e => new FloorAbstention(e, FloorShare.Of(estimate.AbstentionFor(e))))],
        examples);
}

/// <summary>A share with its interval.</summary>
internal sealed record FloorShare(double Value, double Low, double High)
{
    public static FloorShare Of(MetricInterval interval) => new(interval.Value, interval.Low, interval.High);
}

/// <summary>The least share of questions that is left unanswered for an error rate among the answered.</summary>
internal sealed record FloorAbstention(double ErrorRate, FloorShare Share);
