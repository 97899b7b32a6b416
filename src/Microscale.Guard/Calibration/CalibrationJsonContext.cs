using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>Source-generated serialization of <see cref="CalibrationArtefact"/>. What it does not know it refuses.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    NewLine = "\n",
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CalibrationArtefact))]
internal sealed partial class CalibrationJsonContext : JsonSerializerContext;
