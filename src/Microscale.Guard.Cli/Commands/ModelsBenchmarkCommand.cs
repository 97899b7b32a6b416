using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale models benchmark</c>: how fast the local models are on this machine.</summary>
internal sealed class ModelsBenchmarkCommand : CliCommand
{
    private const string Passage =
        "Honey bees tell each other where food is by a dance on the comb. The angle of the waggle run to the vertical is the angle of the flight to the sun, and its duration grows with the distance.";

    private readonly Argument<string[]> _names = new("model") { Description = "Names of models; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<double> _seconds = new("--seconds") { Description = "How long each is measured.", HelpName = "n", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _json = CommonOptions.Json();

    public ModelsBenchmarkCommand(Terminal terminal)
        : base(
            terminal,
            "benchmark",
            "Measures the local models on this machine: tokens, texts and pairs a second.",
            new CommandExample("models benchmark --seconds 10", "longer, so steadier"))
    {
        _names.CompletionSources.Add([.. LocalModelCatalog.Models.Select(m => m.Name)]);
        _seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 3600))
            {
                result.AddError("--seconds must be above 0 and at most 3600.");
            }
        });
        Arguments.Add(_names);
        Options.Add(_seconds);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var time = TimeSpan.FromSeconds(arguments.GetValue(_seconds));
        var rows = new List<ModelSpeed>();
        foreach (var (name, _) in LocalModelCatalog.Select(arguments.GetValue(_names) ?? []))
        {
            rows.Add(await Terminal.WaitAsync($"Measuring {name}", () => MeasureAsync(name, time, cancellationToken)));
        }

        if (arguments.GetValue(_json))
        {
            await Terminal.WriteJsonAsync(rows, CliJsonContext.Default.IReadOnlyListModelSpeed);
            return ExitCodes.Success;
        }

        var table = new Table().AddColumns("Model", "Loading", "Rate", "Unit");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Name, Printable.Duration(TimeSpan.FromMilliseconds(row.LoadMilliseconds)), row.PerSecond.ToString("0.0", CultureInfo.InvariantCulture), row.Unit + " a second");
        }

        Terminal.Console.Write(table);
        return ExitCodes.Success;
    }

    private static async Task<ModelSpeed> MeasureAsync(string name, TimeSpan time, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        switch (name)
        {
            case LocalModels.ChatModel:
            {
                using var client = LocalModels.CreateChatClient();
                return await RateAsync(name, "tokens", watch.Elapsed, time, async () =>
                {
                    var response = await client.GetResponseAsync(
                        "Tell me a long story.", new ChatOptions { Temperature = 0, MaxOutputTokens = 64 }, cancellationToken);
                    return response.Usage?.OutputTokenCount ?? 0;
                });
            }

            case LocalModels.EmbeddingModel:
            {
                using var generator = LocalModels.CreateEmbeddingGenerator();
                return await RateAsync(name, "passages", watch.Elapsed, time, async () =>
                {
                    await generator.GenerateAsync([Passage], cancellationToken: cancellationToken);
                    return 1;
                });
            }

            default:
            {
                using var model = LocalModels.CreateEntailmentModel();
                var asked = 0;
                return await RateAsync(name, "pairs", watch.Elapsed, time, async () =>
                {
                    // A new claim each time: the model remembers pairs that it has judged.
                    await model.ClassifyAsync([new EntailmentPair(Passage, string.Create(CultureInfo.InvariantCulture, $"A run lasts {asked++} seconds."))], cancellationToken);
                    return 1;
                });
            }
        }
    }

    private static async Task<ModelSpeed> RateAsync(string name, string unit, TimeSpan loading, TimeSpan time, Func<Task<long>> run)
    {
        await run();
        var watch = Stopwatch.StartNew();
        long done = 0;
        while (watch.Elapsed < time)
        {
            done += await run();
        }

        return new ModelSpeed(name, (long)loading.TotalMilliseconds, done / watch.Elapsed.TotalSeconds, unit);
    }
}

/// <summary>How fast a model is.</summary>
internal sealed record ModelSpeed(string Name, long LoadMilliseconds, double PerSecond, string Unit);
