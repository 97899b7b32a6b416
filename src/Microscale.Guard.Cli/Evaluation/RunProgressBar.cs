using System.Globalization;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Evaluation;
using Spectre.Console;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>Shows how far a run is: a bar with rate and remaining time on a terminal, now and then a line in a file.</summary>
internal static class RunProgressBar
{
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(30);

    /// <summary>Runs, and shows it.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="run">Runs, and reports.</param>
    public static async Task<RunResults> ShowAsync(Terminal terminal, Func<IProgress<RunProgress>, Task<RunResults>> run)
    {
        if (!terminal.Progress.Profile.Capabilities.Interactive)
        {
            return await run(new Lines(terminal.Error));
        }

        return await terminal.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("Loading");
                return await run(new Bar(task));
            });
    }

    /// <summary>How far it is, in words.</summary>
    public static string Describe(RunProgress progress)
    {
        var rate = progress.PerSecond >= 10 ? progress.PerSecond.ToString("0", CultureInfo.InvariantCulture) : progress.PerSecond.ToString("0.0", CultureInfo.InvariantCulture);
        var left = progress.Remaining is { } time && progress.Done < progress.Total ? $", {Duration(time)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{progress.Done:N0} of {progress.Total:N0}, {rate} a second{left}");
    }

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");

    /// <summary>Reports where it is called, unlike <see cref="Progress{T}"/>, so that nothing is shown after the end.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            task.MaxValue = value.Total;
            task.Value = value.Done;
            task.Description = Markup.Escape(Describe(value));
        }
    }

    private sealed class Lines(TextWriter error) : IProgress<RunProgress>
    {
        private long _last = Environment.TickCount64;

        public void Report(RunProgress value)
        {
            if (Environment.TickCount64 - _last >= s_betweenLines.TotalMilliseconds)
            {
                _last = Environment.TickCount64;
                error.WriteLine(Describe(value));
            }
        }
    }
}
