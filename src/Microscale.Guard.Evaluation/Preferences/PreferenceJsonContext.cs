using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Evaluation;

/// <summary>Source-generated serialization of guard logs and preferences: one line a value.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GuardLogEntry))]
[JsonSerializable(typeof(PreferencePair))]
internal sealed partial class PreferenceJsonContext : JsonSerializerContext;
