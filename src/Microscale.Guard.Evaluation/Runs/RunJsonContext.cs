using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Evaluation;

/// <summary>Source-generated serialization of journals: one line a value.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class RunJsonContext : JsonSerializerContext;

/// <summary>A line of a journal: one of the two.</summary>
internal sealed record JournalLine
{
    public RunDescription? Run { get; init; }

    public EvaluationItem? Item { get; init; }
}
