using System.Text.Json;
using System.Text.Json.Serialization;
using Microscale.Guard.Cli.Commands;

namespace Microscale.Guard.Cli.Output;

/// <summary>Source-generated serialization of what commands print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GuardedAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ModelRow>))]
[JsonSerializable(typeof(IReadOnlyList<ModelSpeed>))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
