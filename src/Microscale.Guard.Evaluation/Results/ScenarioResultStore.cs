using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation;

/// <summary>Writes and reads results as files, where the tools of Microsoft.Extensions.AI.Evaluation.Reporting look for them:
/// <c>results/execution/scenario/iteration.json</c> below a folder.</summary>
/// <remarks><c>dotnet aieval report --path FOLDER</c> makes a page of them. Of a response's additional properties only the guard's report
/// and primitive values are written. Safe for concurrent callers that write different results.</remarks>
public sealed class ScenarioResultStore
{
    private readonly string _folder;

    /// <summary>Creates a store.</summary>
    /// <param name="storageRootPath">The folder; it is created when something is written.</param>
    public ScenarioResultStore(string storageRootPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(storageRootPath);
        _folder = Path.Combine(Path.GetFullPath(storageRootPath), "results");
    }

    /// <summary>Writes a result; one of the same names is replaced.</summary>
    /// <param name="result">The result.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="ArgumentException">A name cannot be part of a path.</exception>
    public async Task WriteAsync(ScenarioResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        var folder = Path.Combine(_folder, Checked(result.ExecutionName), Checked(result.ScenarioName));
        Directory.CreateDirectory(folder);
        await using var stream = File.Create(Path.Combine(folder, $"{Checked(result.IterationName)}.json"));
        await JsonSerializer.SerializeAsync(stream, Writable(result), ScenarioResultJson.TypeInfo, cancellationToken);
    }

    /// <summary>Reads the results of a run, by scenario and iteration.</summary>
    /// <param name="executionName">The run; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">A file is no result.</exception>
    public async IAsyncEnumerable<ScenarioResult> ReadAsync(
        string? executionName = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var folder = executionName is null ? _folder : Path.Combine(_folder, Checked(executionName));
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            yield return await ReadFileAsync(path, cancellationToken);
        }
    }

    private static async Task<ScenarioResult> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync(stream, ScenarioResultJson.TypeInfo, cancellationToken)
                ?? throw new InvalidDataException($"{path} is empty: it is no result.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is no result of an evaluation: {exception.Message}", exception);
        }
    }

    private static string Checked(string name) =>
        string.IsNullOrWhiteSpace(name) || name is "." or ".." || name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) || name.AsSpan().ContainsAny('/', '\\')
            ? throw new ArgumentException($"'{name}' cannot be the name of a file: use letters, digits, blanks, '.', '-' and '_'.", nameof(name))
            : name;

    /// <summary>The result with nothing in the response that has no form as JSON.</summary>
    private static ScenarioResult Writable(ScenarioResult result)
    {
        var response = result.ModelResponse;
        var properties = new AdditionalPropertiesDictionary();
        foreach (var (name, value) in response.AdditionalProperties ?? [])
        {
            if (value is null or GuardReport or JsonElement or string or bool or int or long or double)
            {
                properties[name] = value;
            }
        }

        return new ScenarioResult
        {
            ScenarioName = result.ScenarioName,
            IterationName = result.IterationName,
            ExecutionName = result.ExecutionName,
            CreationTime = result.CreationTime,
            Messages = result.Messages,
            EvaluationResult = result.EvaluationResult,
            Tags = result.Tags,
            FormatVersion = result.FormatVersion,
            ModelResponse = new ChatResponse(response.Messages)
            {
                ResponseId = response.ResponseId,
                ConversationId = response.ConversationId,
                ModelId = response.ModelId,
                CreatedAt = response.CreatedAt,
                FinishReason = response.FinishReason,
                Usage = response.Usage,
                AdditionalProperties = properties.Count > 0 ? properties : null,
            },
        };
    }
}
