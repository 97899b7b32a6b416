using System.CommandLine;
using Microscale.Guard.Cli.Clients;
using Microscale.Guard.Cli.Documents;
using Microscale.Guard.Cli.Pipelines;
using Microscale.Guard.Evaluation;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>The options that say what is measured on which data; eval and calibrate have them.</summary>
internal sealed class RunCommandOptions
{
    private readonly ClientOptions _client = new();

    private readonly Option<string> _kind = new("--kind", "-k") { Description = "The kind of data set.", HelpName = string.Join('|', DataKind.All) };

    private readonly Option<FileInfo> _data = new("--data", "-d") { Description = "The data set: .jsonl, .csv or .tsv.", HelpName = "file" };

    private readonly Option<string[]> _pipelines = new("--pipeline", "-p")
    {
        Description = $"Pipeline files, or built-in pipelines ({string.Join(", ", PipelineSettings.BuiltIn)}), which are measured side by side.",
        HelpName = "file",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _fields = FieldMap.CreateOption();

    private readonly Option<int?> _limit = new("--limit", "-n") { Description = "How many rows at most; the seed chooses them. All by default.", HelpName = "n" };

    private readonly Option<long> _seed = new("--seed") { Description = "Chooses the rows, and is passed to the model.", HelpName = "n" };

    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "The longest answer, in tokens.", HelpName = "n" };

    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "How many rows at once: for servers.",
        HelpName = "n",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<FileInfo?> _journal = new("--journal", "-j")
    {
        Description = "Keeps what is done in this file; the same command goes on where it ended.",
        HelpName = "file",
    };

    public RunCommandOptions(bool isDataRequired)
    {
        _kind.Required = _data.Required = isDataRequired;
        _kind.AcceptOnlyFromAmong([.. DataKind.All]);
        _pipelines.CompletionSources.Add([.. PipelineSettings.BuiltIn]);
        foreach (var count in (Option[])[_limit, _maxTokens, _concurrency])
        {
            count.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var value) && value >= 1))
                {
                    result.AddError($"{count.Name} is '{result.Tokens[0].Value}': set it to 1 or more.");
                }
            });
        }
    }

    public RunCommandOptions AddTo(Command command)
    {
        foreach (var option in (Option[])[_kind, _data, _pipelines, _fields, _limit, _seed, _maxTokens, _concurrency, _journal])
        {
            command.Options.Add(option);
        }

        _client.AddTo(command);
        return this;
    }

    public FileInfo? Journal(ParseResult arguments) => arguments.GetValue(_journal);

    /// <summary>The pipelines that the command line names.</summary>
    public IReadOnlyList<string> Pipelines(ParseResult arguments) => arguments.GetValue(_pipelines) ?? [];

    /// <summary>Whether the command line names data; else there is a journal to read.</summary>
    public bool HasData(ParseResult arguments) => arguments.GetValue(_data) is not null;

    /// <exception cref="BadInputException">Something is missing or cannot be.</exception>
    public RunRequest Read(ParseResult arguments)
    {
        var kind = arguments.GetValue(_kind) ?? throw new BadInputException($"Say what kind of data it is: --kind {string.Join('|', DataKind.All)}.");
        var data = arguments.GetValue(_data) ?? throw new BadInputException("Name the data set: --data FILE.");
        if (!data.Exists)
        {
            throw new BadInputException($"There is no data set '{data}'.");
        }

        string[] pipelines = arguments.GetValue(_pipelines) is { Length: > 0 } named ? named : DataKind.DefaultPipeline(kind, _client.Read(arguments)) is { } usual ? [usual] : [];
        if (pipelines.Length > 0 && kind is DataKind.Entailment or DataKind.Schemas)
        {
            throw new BadInputException($"Data of kind {kind} needs no pipeline: leave --pipeline out.");
        }

        PipelineSettings[] settings = [.. pipelines.Select(PipelineSettings.Load)];
        return new RunRequest
        {
            Kind = kind,
            Data = data.FullName,
            Pipelines = settings,
            Client = s => _client.Read(arguments, s.Client),
            Dataset = FieldMap.Read(arguments.GetValue(_fields)),
            MaxTokens = arguments.GetValue(_maxTokens),
            Options = new RunOptions
            {
                Limit = arguments.GetValue(_limit),
                Seed = arguments.GetValue(_seed),
                Concurrency = arguments.GetValue(_concurrency),
                JournalPath = arguments.GetValue(_journal)?.FullName,
            },
        };
    }
}

/// <summary>What is to be measured.</summary>
internal sealed record RunRequest
{
    public required string Kind { get; init; }

    public required string Data { get; init; }

    public required IReadOnlyList<PipelineSettings> Pipelines { get; init; }

    /// <summary>The model of a pipeline, as the command line and the pipeline's file say.</summary>
    public required Func<PipelineSettings, ClientSettings> Client { get; init; }

    public required DatasetOptions Dataset { get; init; }

    public required RunOptions Options { get; init; }

    public int? MaxTokens { get; init; }
}
