using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What the rules add to the analysis of a large application, in percent of it with an analyzer that does nothing: of the
/// processor time of the process, and of what is allocated, which does not depend on other work on the machine.</summary>
/// <remarks>
/// The analysis holds all that a build does with code: binding, flow analysis and the compiler's own warnings. Each time the files are
/// parsed anew, outside of the measurement, because a syntax tree keeps the nodes that its first reader asks for. The two analyzers
/// run in pairs, by turns first, and the median of the pairs counts.
/// </remarks>
internal sealed class AnalyzerCostBenchmark : IQuickBenchmark
{
    private const int Files = 1_500;
    private const int Rounds = 9;
    private const int RoundsWithoutModels = 3;

    public IReadOnlyList<string> Names { get; } =
        ["analyzer-added-percent", "analyzer-added-allocation-percent", "analyzer-added-percent-without-models", "analyzer-files", "analyzer-diagnostics"];

    public IReadOnlyList<double> Run()
    {
        var added = Measure(References(_ => true), Rounds);
        var without = Measure(
            References(name => !name.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal) && !name.StartsWith("Microscale", StringComparison.Ordinal)),
            RoundsWithoutModels);
        return [added.Percent, added.AllocationPercent, without.Percent, Files, added.Diagnostics];
    }

    private static (double Percent, double AllocationPercent, int Diagnostics) Measure(ImmutableArray<MetadataReference> references, int rounds)
    {
        // The first analyses compile the compiler.
        Analyze(new EmptyAnalyzer(), Files / 5, references);
        Analyze(new GuardAnalyzer(), Files / 5, references);
        var (seconds, bytes, diagnostics) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            var first = round % 2 == 0 ? Analyze(new EmptyAnalyzer(), Files, references) : default;
            var full = Analyze(new GuardAnalyzer(), Files, references);
            var empty = round % 2 == 0 ? first : Analyze(new EmptyAnalyzer(), Files, references);
            seconds.Add(((full.Seconds / empty.Seconds) - 1) * 100);
            bytes.Add((((double)full.Bytes / empty.Bytes) - 1) * 100);
            diagnostics = full.Diagnostics;
        }

        return (Median(seconds), Median(bytes), diagnostics);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static (double Seconds, long Bytes, int Diagnostics) Analyze(DiagnosticAnalyzer analyzer, int files, ImmutableArray<MetadataReference> references)
    {
        var compilation = CSharpCompilation.Create(
            "Application",
            Enumerable.Range(0, files).Select(n => CSharpSyntaxTree.ParseText(ApplicationCode.File(n), path: $"File{n}.cs")),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (e, _, _) => throw e, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Environment.CpuUsage.TotalTime;
        var diagnostics = compilation.WithAnalyzers([analyzer], options).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
        var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        return (seconds, GC.GetTotalAllocatedBytes(precise: true) - bytes, diagnostics.Count(d => d.Id.StartsWith("MSG", StringComparison.Ordinal)));
    }

    private static ImmutableArray<MetadataReference> References(Func<string, bool> isWanted) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => isWanted(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [SuppressMessage("MicrosoftCodeAnalysisCorrectness", "RS1036", Justification = "It is no analyzer that anyone ships.")]
    [SuppressMessage("MicrosoftCodeAnalysisCorrectness", "RS1038", Justification = "It is no analyzer that anyone ships.")]
    [SuppressMessage("MicrosoftCodeAnalysisCorrectness", "RS1041", Justification = "It is no analyzer that anyone ships.")]
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class EmptyAnalyzer : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new("EMPTY", "Nothing", "Nothing", "Reliability", DiagnosticSeverity.Warning, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
            context.EnableConcurrentExecution();
        }
    }
}
