using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Microscale.Guard.Cli.Clients;
using Microscale.Guard.Cli.Documents;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>The options that choose a model, a pipeline and documents, and how the model is asked.</summary>
internal sealed class PipelineOptions
{
    private readonly ClientOptions _client = new();

    private readonly Option<string?> _pipeline = new("--pipeline")
    {
        Description = "A pipeline file (JSON), or a built-in pipeline: grounded (the default with documents), closed-book (without).",
        HelpName = "file",
    };

    private readonly Option<string[]> _documents = new("--documents", "-d")
    {
        Description = "Files or folders that answers must rest on: text, Markdown, JSON or JSONL with a field \"text\".",
        HelpName = "path",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<float?> _temperature = new("--temperature") { Description = "0 always takes the most probable token; at most 2.", HelpName = "0..2" };

    private readonly Option<long?> _seed = new("--seed") { Description = "Draws the same tokens again, where the model can.", HelpName = "n" };

    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "The longest answer, in tokens.", HelpName = "n" };

    public PipelineOptions()
    {
        _pipeline.CompletionSources.Add([.. PipelineSettings.BuiltIn]);
        _temperature.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<float?>() is not (>= 0 and <= 2))
            {
                result.AddError($"--temperature is '{result.Tokens[0].Value}': set it from 0 to 2.");
            }
        });
        _maxTokens.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<int?>() is not > 0)
            {
                result.AddError($"--max-tokens is '{result.Tokens[0].Value}': set it to 1 or more.");
            }
        });
    }

    public PipelineOptions AddTo(Command command)
    {
        command.Options.Add(_pipeline);
        command.Options.Add(_documents);
        _client.AddTo(command);
        command.Options.Add(_temperature);
        command.Options.Add(_seed);
        command.Options.Add(_maxTokens);
        return this;
    }

    /// <summary>Reads the pipeline file and the documents, and opens the models.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The pipeline owns the client.")]
    public async Task<GuardedPipeline> OpenAsync(ParseResult arguments, bool keepDraft, CancellationToken cancellationToken)
    {
        var documents = await DocumentReader.ReadAsync(arguments.GetValue(_documents) ?? [], cancellationToken);
        var settings = PipelineSettings.Load(arguments.GetValue(_pipeline) ?? (documents.Count > 0 ? PipelineSettings.ForDocuments(_client.Read(arguments)) : PipelineSettings.ClosedBook));
        var client = ClientFactory.Create(_client.Read(arguments, settings.Client));
        return await GuardedPipeline.CreateAsync(settings, client, documents, keepDraft, cancellationToken);
    }

    /// <summary>How the model is asked: by the command line, else by the pipeline file.</summary>
    public ChatOptions ReadRequest(ParseResult arguments, GuardedPipeline pipeline)
    {
        var request = pipeline.Settings.Request.ToChatOptions();
        request.Temperature = arguments.GetValue(_temperature) ?? request.Temperature;
        request.Seed = arguments.GetValue(_seed) ?? request.Seed;
        request.MaxOutputTokens = arguments.GetValue(_maxTokens) ?? request.MaxOutputTokens;
        return request;
    }
}
