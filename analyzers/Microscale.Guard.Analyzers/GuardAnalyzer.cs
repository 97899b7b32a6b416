using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers;

/// <summary>Runs all rules: model calls that go around the guard, and guards that are set up wrongly.</summary>
/// <remarks>One analyzer for all of them, so that symbols are looked up and clients are traced once. It registers nothing
/// where the compilation refers to no model library.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GuardAnalyzer : DiagnosticAnalyzer
{
    private static readonly IGuardRule[] s_rules =
    [
        new UnguardedCallRule(),
        new GuardNotProvableRule(),
        new UnguardedRegistrationRule(),
        new BrokenPromiseRule(),
        new WrongOrderRule(),
        new VerdictIgnoredRule(),
        new UncalibratedThresholdRule(),
        new FailOpenRule(),
        new PassThroughStreamingRule(),
        new BypassWithoutReasonRule(),
        new SensitiveTelemetryRule(),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = s_rules.Select(r => r.Descriptor).ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // Razor pages are generated code, and they call models.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var symbols = ChatSymbols.Create(start.Compilation, () => GuardOptions.Read(start.Options.AnalyzerConfigOptionsProvider, start.Compilation.SyntaxTrees));
            if (symbols is null)
            {
                return;
            }

            var registry = new RuleRegistry(new CompilationScope(start.Compilation, symbols));
            foreach (var rule in s_rules)
            {
                rule.Register(registry);
            }

            registry.RegisterTo(start);
        });
    }
}
