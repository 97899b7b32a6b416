using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Writes findings as SARIF 2.1.0 (OASIS), which build servers and editors read.</summary>
internal static class SarifLog
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>The name of the folder that paths are relative to.</summary>
    private const string Root = "SRCROOT";

    public static void Write(Stream output, ScanResult scan)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var rules = new GuardAnalyzer().SupportedDiagnostics;
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "microscale");
        json.WriteString("semanticVersion", typeof(SarifLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            WriteRule(json, rule);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("originalUriBaseIds");
        json.WriteStartObject(Root);
        json.WriteString("uri", new Uri(Path.TrimEndingDirectorySeparator(scan.Root) + Path.DirectorySeparatorChar).AbsoluteUri);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (var finding in scan.Findings)
        {
            WriteResult(json, scan, finding, Index(rules, finding.Rule));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, DiagnosticDescriptor rule)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        WriteText(json, "shortDescription", rule.Title);
        if (rule.Description.ToString() is { Length: > 0 })
        {
            WriteText(json, "fullDescription", rule.Description);
        }

        json.WriteString("helpUri", rule.HelpLinkUri);
        json.WriteStartObject("defaultConfiguration");
        json.WriteString("level", Level(rule.DefaultSeverity));
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("category", rule.Category);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ScanResult scan, Finding finding, int rule)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        if (rule >= 0)
        {
            json.WriteNumber("ruleIndex", rule);
        }

        json.WriteString("level", Level(finding.Severity));
        json.WriteStartObject("message");
        json.WriteString("text", finding.Message);
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", string.Join('/', scan.PlaceOf(finding).Split('/').Select(Uri.EscapeDataString)));
        json.WriteString("uriBaseId", Root);
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line);
        json.WriteNumber("startColumn", finding.Column);
        json.WriteNumber("endLine", finding.EndLine);
        json.WriteNumber("endColumn", finding.EndColumn);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, LocalizableString text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static int Index(IReadOnlyList<DiagnosticDescriptor> rules, string id)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private static string Level(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };
}
