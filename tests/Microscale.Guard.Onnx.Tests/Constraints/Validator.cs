using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Microscale.Guard.Onnx.Tests.Constraints;

/// <summary>An independent judge of JSON: JsonSchema.Net, with schemas of draft 4 put into the words of draft 6, which it knows.</summary>
internal sealed class Validator
{
    private static readonly EvaluationOptions s_options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema;

    public Validator(JsonElement schema)
    {
        var node = JsonSerializer.SerializeToNode(schema)!;
        var isOld = node is JsonObject root && root["$schema"]?.ToString().Contains("draft-04", StringComparison.Ordinal) is true;
        if (isOld)
        {
            node.AsObject().Remove("$schema");
            Modernise(node);
        }

        _schema = JsonSchema.Build(
            JsonElement.Parse(node.ToJsonString()), new BuildOptions { SchemaRegistry = new SchemaRegistry(), Dialect = isOld ? Dialect.Draft06 : Dialect.Draft202012 });
    }

    public bool IsValid(string json) => _schema.Evaluate(JsonElement.Parse(json), s_options).IsValid;

    private static void Modernise(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    Modernise(item);
                }

                break;
            case JsonObject part:
                foreach (var (exclusive, bound) in (ReadOnlySpan<(string, string)>)[("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")])
                {
                    if (part[exclusive] is JsonValue value && value.TryGetValue<bool>(out var isExclusive))
                    {
                        part.Remove(exclusive);
                        if (isExclusive && part[bound] is { } limit)
                        {
                            part.Remove(bound);
                            part[exclusive] = limit.DeepClone();
                        }
                    }
                }

                if (part["id"] is JsonValue id && id.TryGetValue<string>(out _))
                {
                    part.Remove("id");
                }

                foreach (var (_, child) in part.ToList())
                {
                    Modernise(child);
                }

                break;
        }
    }
}
