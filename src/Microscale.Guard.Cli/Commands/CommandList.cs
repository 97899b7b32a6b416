using System.CommandLine;
using Microscale.Guard.Cli.Output;

namespace Microscale.Guard.Cli.Commands;

/// <summary>The commands of the tool, in the order in which help lists them. A new command is one file and one line here.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> Create(Terminal terminal) =>
    [
        new AskCommand(terminal),
        new ServeCommand(terminal),
        new ScanCommand(terminal),
        new EvalCommand(terminal),
        new CalibrateCommand(terminal),
        new ReportCommand(terminal),
        new FloorCommand(terminal),
        new PreferencesCommand(terminal),
        new ModelsCommand(terminal),
        new CompletionCommand(terminal),
    ];
}
