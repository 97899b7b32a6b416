using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Evaluation;

/// <summary>Writes a report as JSON, with all that the other forms show.</summary>
public static class JsonReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(EvaluationReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(JsonSerializer.Serialize(report, ReportJsonContext.Default.EvaluationReport));
    }
}

/// <summary>Source-generated serialization of reports.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
