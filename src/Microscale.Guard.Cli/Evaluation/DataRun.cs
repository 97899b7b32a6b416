using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microscale.Guard.Cli.Clients;
using Microscale.Guard.Cli.Pipelines;
using Microscale.Guard.Evaluation;
using Microscale.Guard.Grammar;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.Configuration;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>Opens what a request names, and measures it.</summary>
internal sealed class DataRun(RunRequest request) : IDisposable
{
    /// <summary>What is measured is the judgement, not how long a busy machine takes for it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly List<IDisposable> _owned = [];
    private readonly LocalStrategies _local = new();

    /// <exception cref="BadInputException">A row, a setting or the journal is wrong.</exception>
    public async Task<RunResults> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return request.Kind switch
            {
                DataKind.Groundedness => await RunAsync(DatasetReader.ReadGroundednessAsync, Verifiers(), cancellationToken),
                DataKind.Entailment => await RunAsync(
                    DatasetReader.ReadEntailmentAsync, [new EntailmentPipeline(LocalModels.EntailmentModel, _local.Entailment)], cancellationToken),
                DataKind.Questions => await RunAsync(
                    (path, options, token) => Judged(DatasetReader.ReadQuestionsAsync(path, options, token), r => r.IsAnswerable, r => r.Answers, token),
                    await AnswersAsync(cancellationToken),
                    cancellationToken),
                DataKind.Passages => await RunAsync(
                    (path, options, token) => Judged(DatasetReader.ReadPassagesAsync(path, options, token), r => r.IsAnswerable, r => r.Answers, token),
                    await AnswersAsync(cancellationToken),
                    cancellationToken),
                _ => await RunAsync(DatasetReader.ReadSchemasAsync, [Schemas()], cancellationToken),
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new BadInputException(exception.Message, exception);
        }
    }

    public void Dispose()
    {
        _owned.ForEach(o => o.Dispose());
        _local.Dispose();
    }

    private async Task<RunResults> RunAsync<TRow>(
        Func<string, DatasetOptions?, CancellationToken, IAsyncEnumerable<TRow>> read,
        IReadOnlyList<IEvaluationPipeline<TRow>> pipelines,
        CancellationToken cancellationToken)
    {
        string hash;
        await using (var file = File.OpenRead(request.Data))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }

        var data = new EvaluationData<TRow>(request.Kind, Path.GetFileName(request.Data), token => read(request.Data, request.Dataset, token), hash);
        return await EvaluationRun.RunAsync(data, pipelines, request.Options, cancellationToken);
    }

    /// <summary>Leaves out questions that have an answer which nobody wrote down: nothing could be said of what a model answers.</summary>
    private static async IAsyncEnumerable<TRow> Judged<TRow>(
        IAsyncEnumerable<TRow> rows,
        Func<TRow, bool> isAnswerable,
        Func<TRow, IReadOnlyList<string>> answers,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (!isAnswerable(row) || answers(row).Count > 0)
            {
                yield return row;
            }
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "What is made is owned by the run.")]
    private IReadOnlyList<IEvaluationPipeline<GroundednessRow>> Verifiers()
    {
        PipelineSettings[] settings = request.Pipelines.Count > 0 ? [.. request.Pipelines] : [CreateDefaultVerifiers()];
        return [.. settings.Select(s =>
        {
            if (s.Verifiers.Count == 0)
            {
                throw new BadInputException($"The pipeline '{s.Name}' has no verifiers: claims are judged by them.");
            }

            var client = s.Verifiers.Any(VerifierFactory.AsksModel) ? ClientFactory.Create(request.Client(s)) : null;
            var options = new VerificationOptions { VerifierTimeout = s_patience };
            s.Guard?.GetSection("Verification").Bind(options);
            var pipeline = new GroundednessPipeline(
                s.Name, [.. s.Verifiers.Select(name => VerifierFactory.Create(name, client!, _local))], options, $"{string.Join('+', s.Verifiers)} {s.Fingerprint}".TrimEnd());
            _owned.AddRange(client is null ? [pipeline] : [pipeline, client]);
            return pipeline;
        })];
    }

    private static PipelineSettings CreateDefaultVerifiers()
    {
        var settings = new PipelineSettings { Name = "entailment" };
        settings.Verifiers.Add("entailment");
        return settings;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "What is made is owned by the run.")]
    private async Task<IReadOnlyList<AnswerPipeline>> AnswersAsync(CancellationToken cancellationToken)
    {
        var pipelines = new List<AnswerPipeline>();
        foreach (var settings in request.Pipelines)
        {
            var client = request.Client(settings);
            var guarded = await GuardedPipeline.CreateAsync(
                settings, ClientFactory.Create(client), documents: [], keepDraft: true, cancellationToken, guard => guard
                    .ConfigureConfidence(o => o.ScorerTimeout = s_patience)
                    .ConfigureVerification(o => o.VerifierTimeout = s_patience));
            _owned.Add(guarded);
            var chat = settings.Request.ToChatOptions();
            chat.Seed ??= request.Options.Seed;
            chat.MaxOutputTokens = request.MaxTokens ?? chat.MaxOutputTokens;
            var grounding = new GroundingOptions();
            settings.Guard?.GetSection("Grounding").Bind(grounding);
            pipelines.Add(new AnswerPipeline(settings.Name, guarded.Guarded, new AnswerPipelineOptions
            {
                Chat = chat,
                Grounding = grounding,
                Scorer = guarded.ScorerFingerprint,
                Fingerprint = string.Join(' ', (string?[])
                [
                    client.Model ?? (client.Kind == ClientKind.Local ? LocalModels.ChatModel : client.Kind.ToString()),
                    guarded.ScorerFingerprint,
                    string.Join('+', settings.Verifiers),
                    $"{chat.MaxOutputTokens} tokens",
                    settings.Fingerprint,
                ]),
            }));
        }

        return pipelines;
    }

    private SchemaPipeline Schemas()
    {
        var client = LocalModels.CreateChatClient();
        _owned.Add(client);
        return new("grammar", (TokenVocabulary)client.GetService(typeof(TokenVocabulary))!, fingerprint: client.ModelId);
    }
}
