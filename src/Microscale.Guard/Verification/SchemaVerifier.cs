using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Microscale.Guard;

/// <summary>Checks that an answer in JSON has the shape that was asked for.</summary>
/// <remarks>
/// An answer that is no JSON, or breaks the schema, makes each of its claims Unverifiable, with the place and the rule that is
/// broken. One that keeps it proves nothing of its values: there is no opinion then, so put the verifier beside one that
/// judges them. It judges the whole answer: set <see cref="Microsoft.Extensions.AI.ChatOptions.ResponseFormat"/> to JSON, or a
/// streamed answer is judged sentence by sentence, and no sentence of it is the whole. An object without a value makes no claim
/// and is not judged.
/// <para>Of JSON Schema (draft 2020-12) are read: type, enum, const, properties, required, additionalProperties, patternProperties,
/// minProperties, maxProperties, items, prefixItems, minItems, maxItems, uniqueItems, minLength, maxLength, pattern, minimum,
/// maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, anyOf, oneOf, allOf, not, and references within the document; a
/// schema with other rules is refused. Immutable and safe for concurrent callers.</para>
/// </remarks>
public sealed class SchemaVerifier : IClaimVerifier
{
    private readonly Func<JsonElement, string?> _check;

    /// <summary>Creates the verifier.</summary>
    /// <param name="schema">The JSON schema.</param>
    /// <exception cref="NotSupportedException">The schema holds a rule that is not read; the message names it.</exception>
    public SchemaVerifier(JsonElement schema)
    {
        var check = new JsonSchemaCheck(schema.Clone());
        _check = check.FirstError;
    }

    private SchemaVerifier(Func<JsonElement, string?> check) => _check = check;

    /// <inheritdoc/>
    public string Name => "schema";

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.Rule;

    /// <summary>Checks that an answer is a value of a .NET type.</summary>
    /// <typeparam name="T">The type; the answer must keep its schema and be read as it by the serializer.</typeparam>
    /// <param name="type">How the type is read, from a source-generated context.</param>
    /// <param name="validate">Checks the value further: what is wrong with it in words, or null. Must be safe for concurrent
    /// callers.</param>
    public static SchemaVerifier For<T>(JsonTypeInfo<T> type, Func<T, string?>? validate = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        var schema = new JsonSchemaCheck(JsonElement.Parse(type.GetJsonSchemaAsNode().ToJsonString()));
        return new SchemaVerifier(json => schema.FirstError(json) ?? Read(json, type, validate));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var error = FirstError(context.Answer);
        var finding = error is null ? null : new VerifierFinding(Name, Verdict.Unverifiable) { Explanation = error };
        return new([.. context.Claims.Select(_ => finding)]);
    }

    private string? FirstError(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return _check(document.RootElement);
        }
        catch (JsonException exception)
        {
            return $"The answer is not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).";
        }
    }

    private static string? Read<T>(JsonElement json, JsonTypeInfo<T> type, Func<T, string?>? validate)
    {
        try
        {
            return json.Deserialize(type) is { } value ? validate?.Invoke(value) : "The answer is null.";
        }
        catch (JsonException exception)
        {
            return $"The answer is no {typeof(T).Name}: {exception.Path} cannot be read.";
        }
    }
}
