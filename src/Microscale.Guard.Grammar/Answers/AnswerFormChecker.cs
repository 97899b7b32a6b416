using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar;

/// <summary>Checks texts against the form that the options of a request ask for, by the same grammars that constrain a model. Safe for
/// concurrent callers.</summary>
internal sealed class AnswerFormChecker
{
    private const int EndToken = 256;

    private static readonly TokenVocabulary s_bytes =
        new([.. Enumerable.Range(0, EndToken).Select(b => (ReadOnlyMemory<byte>)new[] { (byte)b }), ReadOnlyMemory<byte>.Empty], [EndToken]);

    /// <summary>What cannot be exact is dropped with a warning: a check of the rest is better than none.</summary>
    private static readonly JsonSchemaGrammarOptions s_lenient = new() { Lenient = true };

    private readonly GrammarCache _grammars = new(() => s_bytes);

    public static bool HasForm(ChatOptions? options) => options?.ResponseFormat is ChatResponseFormatJson || options.GetGrammar() is not null;

    public AnswerForm Check(string text, ChatOptions options)
    {
        try
        {
            return options.GetGrammar() is { } grammar ? CheckText(text, grammar) : CheckJson(text, ((ChatResponseFormatJson)options.ResponseFormat!).Schema);
        }
        catch (Exception exception) when (exception is JsonSchemaException or GrammarSyntaxException or GrammarLimitException)
        {
            return Broken($"The answer could not be checked: {exception.Message}");
        }
    }

    private AnswerForm CheckText(string text, GrammarDefinition definition) =>
        FirstFault(_grammars.Compile(definition).Grammar, text) is not { } at ? new(AnswerFormCheck.Checked)
        : at >= text.Length ? Broken("The answer ends too early.")
        : Broken(string.Create(CultureInfo.InvariantCulture, $"The answer leaves the form at character {at + 1}."));

    private AnswerForm CheckJson(string text, JsonElement? schema)
    {
        JsonElement value;
        try
        {
            value = JsonElement.Parse(text.Trim());
        }
        catch (JsonException exception)
        {
            return Broken(string.Create(
                CultureInfo.InvariantCulture, $"The answer is not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})."));
        }

        if (schema is not { } wanted)
        {
            return value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? new(AnswerFormCheck.Checked) : Broken("The answer must be a JSON object or array.");
        }

        var (grammar, warnings) = _grammars.Compile(wanted, s_lenient);
        var spellings = JsonSchemaEvaluation.Spellings(wanted, s_lenient)(value);
        var faults = spellings.Select(spelling => (spelling, at: FirstFault(grammar, spelling))).ToList();
        return faults.Exists(f => f.at is null)
            ? new(AnswerFormCheck.Checked) { Warnings = warnings }
            : Broken($"The answer breaks the schema {faults.Select(f => JsonPlace.Describe(f.spelling, f.at!.Value)).MaxBy(place => place.Length)}.") with { Warnings = warnings };
    }

    /// <summary>The index in a text where it leaves the grammar; its length when it ends too early; null when it does not.</summary>
    private static int? FirstFault(CompiledGrammar grammar, string text)
    {
        var matcher = grammar.CreateMatcher();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!matcher.TryAccept(bytes[i]))
            {
                return Encoding.UTF8.GetCharCount(bytes, 0, i);
            }
        }

        return matcher.IsAccepting ? null : text.Length;
    }

    private static AnswerForm Broken(string error) => new(AnswerFormCheck.Checked) { Error = error };
}
