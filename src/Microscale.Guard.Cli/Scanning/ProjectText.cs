using System.Xml;
using System.Xml.Linq;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>What the text of a project file, and of the Directory.Build files above it, says that matters for its sources.</summary>
/// <param name="GlobalUsings">The usings that the SDK and the files add, as code.</param>
/// <param name="Packages">The packages that are referred to.</param>
internal sealed record ProjectText(string GlobalUsings, IReadOnlyList<string> Packages)
{
    private static readonly string[] s_usings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] s_webUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    private static readonly string[] s_shared = ["Directory.Build.props", "Directory.Build.targets"];

    /// <summary>The nearest project file above a source, up to the root of the scan; null when there is none.</summary>
    public static string? Above(string source, string root)
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null && folder.StartsWith(root, StringComparison.Ordinal); folder = Path.GetDirectoryName(folder))
        {
            if (Directory.EnumerateFiles(folder, "*.csproj").Order(StringComparer.Ordinal).FirstOrDefault() is { } project)
            {
                return project;
            }
        }

        return null;
    }

    /// <summary>Reads a project file; null for sources without one, which get the usings of a console program.</summary>
    public static ProjectText Read(string? file)
    {
        XElement[] files = file is null ? [] : [.. Shared(file).Prepend(file).Select(Load).OfType<XElement>()];
        var isWeb = files.Any(f => f.Attribute("Sdk")?.Value.StartsWith("Microsoft.NET.Sdk.Web", StringComparison.OrdinalIgnoreCase) is true);
        var isTest = Path.GetFileNameWithoutExtension(file) is { } name && (name.EndsWith("Tests", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Test", StringComparison.OrdinalIgnoreCase));
        IEnumerable<string> namespaces = [.. s_usings, .. isWeb ? s_webUsings : [], .. Items(files, "Using", isTest)];
        return new ProjectText(
            string.Concat(namespaces.Distinct(StringComparer.Ordinal).Where(n => n.All(c => char.IsLetterOrDigit(c) || c is '.' or '_')).Select(n => $"global using {n};\n")),
            [.. Items(files, "PackageReference", isTest).Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    private static IEnumerable<string> Items(XElement[] files, string kind, bool isTest) => files
        .SelectMany(f => f.Descendants())
        .Where(e => e.Name.LocalName == kind && e.Attribute("Static") is null && e.Attribute("Alias") is null && (isTest || !IsForTestsOnly(e)))
        .Select(e => e.Attribute("Include")?.Value.Trim())
        .OfType<string>()
        .Where(v => v.Length > 0);

    /// <summary>Whether an item is for projects of tests only: shared files add test frameworks so, and the rules see a test project in one.</summary>
    private static bool IsForTestsOnly(XElement item) =>
        item.AncestorsAndSelf().Any(e => e.Attribute("Condition")?.Value.Contains("IsTestProject", StringComparison.OrdinalIgnoreCase) is true);

    private static IEnumerable<string> Shared(string project)
    {
        for (var folder = Path.GetDirectoryName(project); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            foreach (var file in s_shared.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            {
                yield return file;
            }
        }
    }

    private static XElement? Load(string file)
    {
        try
        {
            return XElement.Load(file);
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            // Its sources can be read all the same.
            return null;
        }
    }
}
