using System.Text.Json;
using System.Text.Json.Serialization;
using Microscale.Guard.Cli.Commands;
using Microscale.Guard.Cli.Evaluation;

namespace Microscale.Guard.Cli.Output;

/// <summary>Source-generated serialization of what commands print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GuardedAnswer))]
[JsonSerializable(typeof(FloorView))]
[JsonSerializable(typeof(PreferencesView))]
[JsonSerializable(typeof(EvalResult))]
[JsonSerializable(typeof(CalibrationView))]
[JsonSerializable(typeof(IReadOnlyList<ModelRow>))]
[JsonSerializable(typeof(IReadOnlyList<ModelSpeed>))]
[JsonSerializable(typeof(ScanReport))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
