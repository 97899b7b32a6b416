using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Assemblies that loose sources can be compiled against: those of this tool, which has .NET, ASP.NET Core and the commonest model
/// libraries, and those in NuGet's cache whose packages the project or the usings name.</summary>
internal static class FoundReferences
{
    private static readonly string[] s_frameworks = ["net10.0", "net9.0", "net8.0", "net7.0", "net6.0", "netstandard2.1", "netstandard2.0", "netstandard1.3", "netstandard1.1", "netstandard1.0"];

    /// <summary>Roslyn is here because this tool scans, and xunit where it is tested: they say nothing of the code that is scanned, and the
    /// rules see a test project in a reference to xunit.</summary>
    private static readonly string[] s_notOfTheCode = ["Microsoft.CodeAnalysis", "xunit"];

    private static readonly Lazy<IReadOnlyDictionary<string, MetadataReference>> s_own = new(LoadOwn);

    public static IReadOnlyCollection<MetadataReference> For(ProjectText project, IEnumerable<SyntaxTree> trees, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, MetadataReference>(s_own.Value, StringComparer.OrdinalIgnoreCase);
        var wanted = new Queue<string>(project.Packages.Concat(Namespaces(trees, cancellationToken)));
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (wanted.TryDequeue(out var package))
        {
            if (seen.Add(package) && NewestVersion(package) is { } folder)
            {
                foreach (var file in Assemblies(folder))
                {
                    found.TryAdd(Path.GetFileNameWithoutExtension(file), MetadataReference.CreateFromFile(file));
                }

                foreach (var dependency in Dependencies(folder))
                {
                    wanted.Enqueue(dependency);
                }
            }
        }

        return found.Values;
    }

    private static Dictionary<string, MetadataReference> LoadOwn()
    {
        var own = new Dictionary<string, MetadataReference>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            if (!s_notOfTheCode.Any(name => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal)))
            {
                own.TryAdd(Path.GetFileNameWithoutExtension(file), MetadataReference.CreateFromFile(file));
            }
        }

        return own;
    }

    /// <summary>The namespaces that sources use: most packages are called as one of theirs.</summary>
    private static IEnumerable<string> Namespaces(IEnumerable<SyntaxTree> trees, CancellationToken cancellationToken) => trees
        .SelectMany(t => ((CompilationUnitSyntax)t.GetRoot(cancellationToken)).Usings)
        .Select(u => u.Name?.ToString())
        .OfType<string>()
        .Where(n => !n.StartsWith("System", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal);

    private static string? NewestVersion(string package)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folder = Path.Combine(cache, package.ToLowerInvariant());
        return package.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).MaxBy(d => Version.TryParse(Path.GetFileName(d).Split('-')[0], out var version) ? version : new Version())
            : null;
    }

    private static IEnumerable<string> Assemblies(string package) => s_frameworks
        .SelectMany(framework => (string[])[Path.Combine(package, "ref", framework), Path.Combine(package, "lib", framework)])
        .Where(Directory.Exists)
        .Take(1)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"));

    private static IEnumerable<string> Dependencies(string package)
    {
        try
        {
            return Directory.EnumerateFiles(package, "*.nuspec")
                .SelectMany(file => XElement.Load(file).Descendants().Where(e => e.Name.LocalName == "dependency"))
                .Select(e => e.Attribute("id")?.Value)
                .OfType<string>();
        }
        catch (Exception exception) when (exception is XmlException or IOException)
        {
            return [];
        }
    }
}
