using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>Serialization of results in the form of Microsoft.Extensions.AI.Evaluation.Reporting.</summary>
internal static partial class ScenarioResultJson
{
    /// <summary>Writes and reads <see cref="ScenarioResult"/>.</summary>
    public static JsonTypeInfo<ScenarioResult> TypeInfo { get; } = Create();

    private static JsonTypeInfo<ScenarioResult> Create()
    {
        var options = new JsonSerializerOptions(Context.Default.Options);
        options.TypeInfoResolverChain.Add(AIJsonUtilities.DefaultOptions.TypeInfoResolver!);
        options.TypeInfoResolverChain.Add(GuardJsonContext.Default);
        options.MakeReadOnly();
        return (JsonTypeInfo<ScenarioResult>)options.GetTypeInfo(typeof(ScenarioResult));
    }

    [JsonSourceGenerationOptions(
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        Converters =
        [
            typeof(CamelCaseEnumConverter<EvaluationDiagnosticSeverity>),
            typeof(CamelCaseEnumConverter<EvaluationRating>),
            typeof(EvaluationContextConverter),
        ])]
    [JsonSerializable(typeof(ScenarioResult))]
    private sealed partial class Context : JsonSerializerContext;

    private sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
        where T : struct, Enum;

    /// <summary>A context is its name and its contents; what kind it was is not kept.</summary>
    private sealed class EvaluationContextConverter : JsonConverter<EvaluationContext>
    {
        public override EvaluationContext Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var context = JsonElement.ParseValue(ref reader);
            return context.ValueKind == JsonValueKind.Object
                && context.TryGetProperty("name", out var name) && name.GetString() is { } text
                && context.TryGetProperty("contents", out var contents)
                && contents.Deserialize(ContentsInfo(options)) is { } list
                    ? new StoredContext(text, list)
                    : throw new JsonException("A context needs a name and contents.");
        }

        public override void Write(Utf8JsonWriter writer, EvaluationContext value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("name", value.Name);
            writer.WritePropertyName("contents");
            JsonSerializer.Serialize(writer, value.Contents, ContentsInfo(options));
            writer.WriteEndObject();
        }

        private static JsonTypeInfo<IList<AIContent>> ContentsInfo(JsonSerializerOptions options) =>
            (JsonTypeInfo<IList<AIContent>>)options.GetTypeInfo(typeof(IList<AIContent>));

        private sealed class StoredContext(string name, IEnumerable<AIContent> contents) : EvaluationContext(name, contents);
    }
}
