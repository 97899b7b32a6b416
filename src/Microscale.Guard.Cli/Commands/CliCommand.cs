using System.CommandLine;
using Microscale.Guard.Cli.Output;

namespace Microscale.Guard.Cli.Commands;

/// <summary>A command: its constructor adds options and arguments, <see cref="RunAsync"/> does the work.</summary>
/// <remarks>A wrong input is a <see cref="BadInputException"/>; a cancellation is let through. Answers go to
/// <see cref="Terminal.Output"/>, all else to <see cref="Terminal.Error"/>.</remarks>
internal abstract class CliCommand : Command
{
    protected CliCommand(Terminal terminal, string name, string description, params IReadOnlyList<CommandExample> examples)
        : base(name, description)
    {
        Terminal = terminal;
        Examples = examples;
        SetAction(RunAsync);
    }

    /// <summary>Shown by help, below the options.</summary>
    public IReadOnlyList<CommandExample> Examples { get; }

    protected Terminal Terminal { get; }

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken);
}

/// <summary>A command line that does something useful.</summary>
/// <param name="Line">What follows "microscale".</param>
/// <param name="Purpose">What it does, in a few words.</param>
internal sealed record CommandExample(string Line, string Purpose);
