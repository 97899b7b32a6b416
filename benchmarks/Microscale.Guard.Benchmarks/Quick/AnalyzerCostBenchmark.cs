using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What the rules add to the analysis of a large application, in percent of it with an analyzer that does nothing. The two
/// run in turn, and the best of each counts, by the processor time of the process: other work on the machine can only add to
/// it.</summary>
internal sealed class AnalyzerCostBenchmark : IQuickBenchmark
{
    private const int Files = 1_500;
    private const int Rounds = 3;

    public IReadOnlyList<string> Names { get; } = ["analyzer-added-percent", "analyzer-added-percent-without-models", "analyzer-files", "analyzer-diagnostics"];

    public IReadOnlyList<double> Run()
    {
        var (added, diagnostics) = Measure(References(_ => true));
        var (without, _) = Measure(References(name => !name.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal) && !name.StartsWith("Microscale", StringComparison.Ordinal)));
        return [added, without, Files, diagnostics];
    }

    private static (double AddedPercent, int Diagnostics) Measure(ImmutableArray<MetadataReference> references)
    {
        var (empty, full, diagnostics) = (double.MaxValue, double.MaxValue, 0);
        var trees = Enumerable.Range(0, Files).Select(n => CSharpSyntaxTree.ParseText(ApplicationCode.File(n), path: $"File{n}.cs")).ToImmutableArray();

        // The first analysis compiles the compiler.
        Analyze(new GuardAnalyzer(), trees[..(Files / 10)], references);
        for (var round = 0; round < Rounds; round++)
        {
            empty = Math.Min(empty, Analyze(new EmptyAnalyzer(), trees, references).Seconds);
            (var seconds, diagnostics) = Analyze(new GuardAnalyzer(), trees, references);
            full = Math.Min(full, seconds);
        }

        return (((full / empty) - 1) * 100, diagnostics);
    }

    private static (double Seconds, int Diagnostics) Analyze(
        DiagnosticAnalyzer analyzer, ImmutableArray<SyntaxTree> trees, ImmutableArray<MetadataReference> references)
    {
        var compilation = CSharpCompilation.Create(
            "Application",
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (e, _, _) => throw e, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        GC.Collect();
        var start = Environment.CpuUsage.TotalTime;
        var diagnostics = compilation.WithAnalyzers([analyzer], options).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
        return ((Environment.CpuUsage.TotalTime - start).TotalSeconds, diagnostics.Count(d => d.Id.StartsWith("MSG", StringComparison.Ordinal)));
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
