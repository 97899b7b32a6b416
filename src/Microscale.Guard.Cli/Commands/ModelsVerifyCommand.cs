using System.CommandLine;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale models verify</c>: compares files with the published checksums.</summary>
internal sealed class ModelsVerifyCommand : CliCommand
{
    private readonly Argument<string[]> _names = new("model") { Description = "Names of models; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _folder = new("--folder") { Description = "The folder of one model, in place of those that are found.", HelpName = "path" };

    public ModelsVerifyCommand(Terminal terminal)
        : base(
            terminal,
            "verify",
            "Compares the files of models with the published checksums; exit code 1 when one is missing or wrong.",
            new CommandExample("models verify", "all of them"),
            new CommandExample("models verify --folder /opt/models/mpnet-nli-int8", "one folder"))
    {
        _names.CompletionSources.Add([.. LocalModelCatalog.Models.Select(m => m.Name)]);
        Arguments.Add(_names);
        Options.Add(_folder);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = arguments.GetValue(_folder);
        var models = folder is null
            ? LocalModelCatalog.Select(arguments.GetValue(_names) ?? []).Select(m => m.Name)
            : [Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        var wrong = 0;
        foreach (var model in models)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                ModelFolder.Open(ModelLocator.Find(model, folder));
                await Terminal.Output.WriteLineAsync($"{model}: as published");
            }
            catch (Exception exception) when (exception is ModelFolderException or DirectoryNotFoundException)
            {
                wrong++;
                await Terminal.Output.WriteLineAsync($"{model}: {Printable.Of(exception.Message)}");
            }
        }

        return wrong == 0 ? ExitCodes.Success : ExitCodes.CheckFailed;
    }
}
