using Microsoft.Extensions.AI;
using Spectre.Console;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>The program: reads the command line, asks, shows.</summary>
/// <param name="output">Where answers go.</param>
/// <param name="error">Where complaints go.</param>
/// <param name="createPipeline">Makes the model and its guard.</param>
internal sealed class QuickstartApp(
    IAnsiConsole output,
    TextWriter error,
    Func<QuickstartArguments, CancellationToken, Task<QuickstartPipeline>> createPipeline)
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int BadArguments = 2;
    public const int Cancelled = 130;

    /// <summary>The longest answer that is asked for, in tokens: the questions want a sentence or two.</summary>
    private const int MaxOutputTokens = 64;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = QuickstartArguments.Parse(args);
            if (arguments.Help)
            {
                output.WriteLine(QuickstartArguments.Usage);
                return Success;
            }

            await AskAllAsync(arguments, cancellationToken);
            return Success;
        }
        catch (ArgumentsException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return BadArguments;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Cancelled;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync($"{exception.GetType().Name}: {exception.Message}");
            return Failed;
        }
    }

    private async Task AskAllAsync(QuickstartArguments arguments, CancellationToken cancellationToken)
    {
        using var telemetry = arguments.Trace ? new TelemetryPrinter(output) : null;
        using var pipeline = await createPipeline(arguments, cancellationToken);
        var runner = new QuestionRunner(pipeline, new ChatOptions
        {
            Temperature = arguments.Temperature,
            Seed = arguments.Seed,
            MaxOutputTokens = MaxOutputTokens,
        });
        var renderer = new OutcomeRenderer(output);
        IReadOnlyList<Question> questions = arguments.Questions is { Count: > 0 } asked ? [.. asked.Select(q => new Question(q))] : Questions.All;
        for (var i = 0; i < questions.Count; i++)
        {
            renderer.RenderQuestion(questions[i], i + 1, questions.Count);
            var outcome = arguments.Stream
                ? await runner.StreamAsync(questions[i], renderer.RenderReleased, cancellationToken)
                : await runner.AskAsync(questions[i], cancellationToken);
            renderer.Render(outcome);
            telemetry?.PrintActivities();
        }

        telemetry?.PrintMetrics();
    }
}
