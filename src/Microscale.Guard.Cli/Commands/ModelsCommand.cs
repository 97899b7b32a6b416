using System.CommandLine;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Onnx;
using Spectre.Console;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale models</c>: the local models, whether their files are those that were published, and how fast they are
/// here.</summary>
internal sealed class ModelsCommand : CliCommand
{
    private readonly Option<bool> _json = CommonOptions.Json();

    public ModelsCommand(Terminal terminal)
        : base(
            terminal,
            "models",
            "Lists the local models, verifies their files, and measures their speed.",
            new CommandExample("models", "list the models and where they are"),
            new CommandExample("models verify", "compare their files with the published checksums"),
            new CommandExample("models benchmark", "measure them on this machine"))
    {
        Options.Add(_json);
        Subcommands.Add(new ModelsListCommand(terminal));
        Subcommands.Add(new ModelsVerifyCommand(terminal));
        Subcommands.Add(new ModelsBenchmarkCommand(terminal));
    }

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        ModelsListCommand.ListAsync(Terminal, arguments.GetValue(_json));
}

internal sealed class ModelsListCommand : CliCommand
{
    private readonly Option<bool> _json = CommonOptions.Json();

    public ModelsListCommand(Terminal terminal)
        : base(terminal, "list", "Lists the local models and where they are.", new CommandExample("models list --json", "for machines")) =>
        Options.Add(_json);

    public static async Task<int> ListAsync(Terminal terminal, bool json)
    {
        var rows = LocalModelCatalog.Rows();
        if (json)
        {
            await terminal.WriteJsonAsync(rows, CliJsonContext.Default.IReadOnlyListModelRow);
            return ExitCodes.Success;
        }

        var table = new Table().AddColumns("Model", "Does", "Size", "Folder");
        foreach (var row in rows)
        {
            table.AddRow(Printable.Cell(row.Name), Printable.Cell(row.Task), Printable.Cell(row.Bytes is { } bytes ? Printable.Bytes(bytes) : ""), Printable.Cell(row.Path ?? "not found"));
        }

        terminal.Console.Write(table);
        if (rows.Any(r => r.Path is null))
        {
            await terminal.Error.WriteLineAsync(
                $"Set {ModelLocator.EnvironmentVariable} to the folder that holds the models, or start the tool in a folder with 'models' in it or above it.");
        }

        return ExitCodes.Success;
    }

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        ListAsync(Terminal, arguments.GetValue(_json));
}
