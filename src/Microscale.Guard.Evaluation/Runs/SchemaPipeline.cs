using Microscale.Guard.Grammar;

namespace Microscale.Guard.Evaluation;

/// <summary>Measures structured output: whether the grammars of JSON schemas write exactly the values that are valid.</summary>
/// <remarks>A row is right when its schema compiles and all of its values are judged rightly. There is no score.</remarks>
public sealed class SchemaPipeline : IEvaluationPipeline<SchemaRow>
{
    private readonly TokenVocabulary _vocabulary;
    private readonly JsonSchemaGrammarOptions _options;

    /// <summary>Creates the pipeline.</summary>
    /// <param name="name">Its name in results.</param>
    /// <param name="vocabulary">The tokens of the model; with a tokenizer.</param>
    /// <param name="options">How schemas are compiled; null for the defaults.</param>
    /// <param name="fingerprint">What it is made of; null for the size of the vocabulary.</param>
    public SchemaPipeline(string name, TokenVocabulary vocabulary, JsonSchemaGrammarOptions? options = null, string? fingerprint = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(vocabulary);
        (Name, _vocabulary, _options) = (name, vocabulary, options ?? new());
        Fingerprint = fingerprint ?? $"json-schema/{vocabulary.Count}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public ValueTask<EvaluationItem> EvaluateAsync(SchemaRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        cancellationToken.ThrowIfCancellationRequested();
        var schema = new JsonSchemaCase(row.Id ?? "", row.Schema, [.. row.Tests.Select(t => (t.Data, t.IsValid))]);
        var result = JsonSchemaEvaluation.Run([schema], _vocabulary, _options);
        var isRight = result is { Compiled: 1, Wrong.Count: 0 };
        return ValueTask.FromResult(new EvaluationItem
        {
            Pipeline = Name,
            Row = 0,
            Id = row.Id,
            IsTrue = isRight,
            IsAccepted = result.Compiled == 1,
            IsRight = isRight,
            Question = row.Id,
            Reason = result.Errors.Concat(result.Wrong).FirstOrDefault(),
            Schema = new(result.Compiled, result.Wrong.Count, result.ValidAccepted, result.InvalidRejected, result.Skipped),
        });
    }
}
