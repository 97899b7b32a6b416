using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>Source-generated serialization of what the guard writes into responses.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(StoredFinding))]
[JsonSerializable(typeof(IReadOnlyList<TokenLogProbability>))]
internal sealed partial class GuardJsonContext : JsonSerializerContext;
