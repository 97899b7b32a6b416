using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Microscale.Guard.Cli.Commands;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Cli;

/// <summary>The tool: reads the command line, runs a command, and turns what happened into an exit code.</summary>
/// <param name="terminal">Where it writes.</param>
internal sealed class MicroscaleApp(Terminal terminal)
{
    /// <summary>How long a command may take to stop after Ctrl+C, so that it can keep what was done.</summary>
    private static readonly TimeSpan s_timeToStop = TimeSpan.FromSeconds(10);

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        var invocation = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = s_timeToStop,
        };
        try
        {
            var parsed = CreateRoot().Parse(args);
            if (parsed.Action is ParseErrorAction)
            {
                await terminal.WriteErrorAsync(string.Join(Environment.NewLine, parsed.Errors.Select(e => e.Message)));
                await terminal.Error.WriteLineAsync($"'{CommandPath(parsed)} --help' shows what it takes, with examples.");
                return ExitCodes.BadInput;
            }

            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await terminal.WriteErrorAsync("Stopped.");
            return ExitCodes.Cancelled;
        }
        catch (Exception exception) when (exception is BadInputException or ModelFolderException or DirectoryNotFoundException or FileNotFoundException)
        {
            await terminal.WriteErrorAsync(exception.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception exception)
        {
            await terminal.WriteErrorAsync($"{exception.GetType().Name}: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    private RootCommand CreateRoot()
    {
        var root = new RootCommand("Know what a language model does not know: guarded questions, evaluation, calibration, and a scan for calls that go around the guard.");
        foreach (var command in CommandList.Create(terminal))
        {
            root.Subcommands.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(at.Command is RootCommand ? "microscale" : at.Command.Name);
        }

        return string.Join(' ', names);
    }
}
