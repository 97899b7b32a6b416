using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>Reads data sets from files, row by row.</summary>
/// <remarks>
/// <para>Files are JSON lines, CSV or TSV in UTF-8. Rows are read as they are asked for: a file of any length takes no more memory
/// than its longest rows. Fields that a row does not need are passed over; an <c>id</c> is read where there is one.</para>
/// <para>Every method throws <see cref="InvalidDataException"/> for a row that cannot be read, naming the file, the line and what to
/// do; <see cref="ArgumentException"/> for options that cannot be; <see cref="IOException"/> for a file that cannot be opened. All
/// are safe for concurrent callers.</para>
/// </remarks>
public static class DatasetReader
{
    /// <summary>Claims with the passage to check them against: <c>premise</c>, <c>claim</c>, <c>supported</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<GroundednessRow> ReadGroundednessAsync(
        string path, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadAsync(path, options, ["premise", "claim", "supported"], GroundednessOf, cancellationToken);

    /// <summary>Pairs of premise and hypothesis: <c>premise</c>, <c>hypothesis</c>, <c>label</c> (entailment, neutral or
    /// contradiction).</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<EntailmentRow> ReadEntailmentAsync(
        string path, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadAsync(path, options, ["premise", "hypothesis", "label"], EntailmentOf, cancellationToken);

    /// <summary>Questions for a model's own knowledge: <c>question</c>, <c>answers</c>, and where they are known <c>answerable</c>
    /// (else: whether there are answers) and <c>kind</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<QuestionRow> ReadQuestionsAsync(
        string path, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadAsync(path, options, ["question", "answers", "answerable", "kind"], QuestionOf, cancellationToken);

    /// <summary>Questions with the passage to answer them from: <c>question</c>, <c>passage</c>, <c>answers</c>, and where they are
    /// known <c>answerable</c> (else: whether there are answers) and <c>title</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<PassageRow> ReadPassagesAsync(
        string path, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadAsync(path, options, ["question", "title", "passage", "answers", "answerable"], PassageOf, cancellationToken);

    /// <summary>JSON schemas with values: <c>schema</c>, and <c>tests</c>, a list of objects with <c>data</c> and
    /// <c>valid</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<SchemaRow> ReadSchemasAsync(
        string path, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadAsync(path, options, ["schema", "tests"], SchemaOf, cancellationToken);

    /// <summary>One text of each row, such as the questions of a traffic log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The field that holds it.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<string> ReadTextsAsync(
        string path, string field, DatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(field);
        return ReadAsync(path, options, [field], row => row.Text(field), cancellationToken);
    }

    /// <summary>Rows of any kind.</summary>
    internal static IAsyncEnumerable<TRow> ReadAsync<TRow>(
        string path, DatasetOptions? options, string[] fields, Func<RowFields, TRow> parse, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new();
        if (options.Fields.Keys.FirstOrDefault(f => f != "id" && !fields.Contains(f)) is { } unknown)
        {
            throw new ArgumentException(
                $"{nameof(DatasetOptions)}.{nameof(DatasetOptions.Fields)} maps '{unknown}', and these rows have no such field: map id, {string.Join(", ", fields)}.",
                nameof(options));
        }

        var names = new Dictionary<string, string>(options.Fields, StringComparer.Ordinal);
        var format = options.Format ?? FormatOf(path);
        return ParseAsync(
            format == DatasetFormat.JsonLines
                ? JsonLinesFile.ReadAsync(path, names, cancellationToken)
                : CsvFile.ReadAsync(path, format == DatasetFormat.Csv ? ',' : '\t', names, cancellationToken),
            parse,
            cancellationToken);
    }

    private static GroundednessRow GroundednessOf(RowFields row) =>
        new(row.FindText("id"), row.Text("premise"), row.Text("claim"), row.Flag("supported"));

    private static EntailmentRow EntailmentOf(RowFields row) =>
        new(row.FindText("id"), row.Text("premise"), row.Text("hypothesis"), row.Text("label").Trim().ToUpperInvariant() switch
        {
            "ENTAILMENT" => EntailmentLabel.Entailment,
            "NEUTRAL" => EntailmentLabel.Neutral,
            "CONTRADICTION" => EntailmentLabel.Contradiction,
            _ => throw row.Bad("label", $"says '{row.Text("label")}': write entailment, neutral or contradiction"),
        });

    private static QuestionRow QuestionOf(RowFields row)
    {
        var (answers, isAnswerable) = AnswersOf(row);
        return new(row.FindText("id"), row.Text("question"), answers, isAnswerable, row.FindText("kind"));
    }

    private static PassageRow PassageOf(RowFields row)
    {
        var (answers, isAnswerable) = AnswersOf(row);
        return new(row.FindText("id"), row.Text("question"), row.FindText("title"), row.Text("passage"), answers, isAnswerable);
    }

    private static (IReadOnlyList<string> Answers, bool IsAnswerable) AnswersOf(RowFields row)
    {
        if (!row.Has("answers") && !row.Has("answerable"))
        {
            throw row.Missing("answers");
        }

        var answers = row.Texts("answers");
        return (answers, row.FindFlag("answerable") ?? (answers.Count > 0));
    }

    private static SchemaRow SchemaOf(RowFields row)
    {
        var (schema, tests) = (row.Json("schema"), row.Json("tests"));
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            throw row.Bad("schema", "is no schema: write an object, or true or false");
        }

        return tests.ValueKind == JsonValueKind.Array
            ? new(row.FindText("id"), schema, [.. tests.EnumerateArray().Select(t => TestOf(t, row))])
            : throw row.Bad("tests", "is no list: write a list of objects with data and valid");
    }

    private static SchemaTest TestOf(JsonElement test, RowFields row) =>
        test.ValueKind == JsonValueKind.Object
        && test.TryGetProperty("data", out var data)
        && test.TryGetProperty("valid", out var valid)
        && valid.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new(data, valid.GetBoolean())
            : throw row.Bad("tests", "holds something else than objects with data, and valid as true or false");

    private static async IAsyncEnumerable<TRow> ParseAsync<TRow>(
        IAsyncEnumerable<RowFields> rows, Func<RowFields, TRow> parse, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return parse(row);
        }
    }

    private static DatasetFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSONL" or ".NDJSON" => DatasetFormat.JsonLines,
        ".CSV" => DatasetFormat.Csv,
        ".TSV" or ".TAB" => DatasetFormat.Tsv,
        _ => throw new ArgumentException(
            $"The extension of '{path}' does not say how rows are written: use .jsonl, .csv or .tsv, or set {nameof(DatasetOptions)}.{nameof(DatasetOptions.Format)}.",
            nameof(path)),
    };
}
