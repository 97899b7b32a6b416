using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>
/// The canonical form of a schema: without white space, titles, descriptions and other annotations, keywords sorted, properties
/// in their order (it is the order in which they are written).
/// </summary>
internal static class JsonSchemaKey
{
    /// <summary>A hash of the canonical form and of all options that change the grammar.</summary>
    public static string Of(JsonElement schema, JsonSchemaGrammarOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue((int)options.Whitespace);
            writer.WriteNumberValue(options.MaxWhitespace);
            writer.WriteNumberValue((int)options.Formats);
            writer.WriteBooleanValue(options.Lenient);
            writer.WriteNumberValue(options.MaxSubschemas);
            writer.WriteNumberValue(options.MaxAlternatives);
            writer.WriteNumberValue(options.MaxSymbols);
            Write(schema, KeywordValue.Schema, writer);
            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(JsonElement value, KeywordValue meaning, Utf8JsonWriter writer)
    {
        RecursionGuard.Check();
        if (value.ValueKind == JsonValueKind.Object && meaning is (KeywordValue.Schema or KeywordValue.SchemaOrList))
        {
            writer.WriteStartObject();
            foreach (var keyword in value.EnumerateObject().OrderBy(keyword => keyword.Name, StringComparer.Ordinal))
            {
                // A reference may point into an annotation, or an unknown keyword: those are data and stay.
                var inner = SchemaKeywords.ValueOf(keyword.Name);
                if (inner == KeywordValue.Annotation && keyword.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) continue;
                writer.WritePropertyName(keyword.Name);
                Write(keyword.Value, inner, writer);
            }

            writer.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Object && meaning is (KeywordValue.SchemaMap or KeywordValue.Dependencies))
        {
            writer.WriteStartObject();
            foreach (var item in value.EnumerateObject())
            {
                writer.WritePropertyName(item.Name);
                Write(item.Value, KeywordValue.Schema, writer);
            }

            writer.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array && meaning is (KeywordValue.SchemaList or KeywordValue.SchemaOrList))
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray()) Write(item, KeywordValue.Schema, writer);
            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
