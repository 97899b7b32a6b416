using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>Runs one rule, and its fix, over sources in which <c>[|…|]</c> marks what must be reported.</summary>
internal sealed class Verify(string rule)
{
    private static readonly ReferenceAssemblies None = new("net10.0");

    /// <summary>An .editorconfig for the code under analysis.</summary>
    public string? Config { get; init; }

    /// <summary>What the code under analysis is compiled against.</summary>
    public IEnumerable<MetadataReference> CompiledAgainst { get; init; } = References.All;

    /// <summary>Whether the usings of <see cref="ImplicitUsings"/> are there.</summary>
    public bool HasImplicitUsings { get; init; } = true;

    /// <summary>Exactly the marked code is reported.</summary>
    public Task ReportsAsync(string source, OutputKind output = OutputKind.DynamicallyLinkedLibrary) => ReportsAsync([source], output);

    /// <summary>Exactly the marked code is reported, in several files.</summary>
    public Task ReportsAsync(IReadOnlyList<string> sources, OutputKind output = OutputKind.DynamicallyLinkedLibrary)
    {
        var test = new AnalyzerTest(rule);
        foreach (var source in sources)
        {
            test.TestState.Sources.Add(source);
        }

        Prepare(test);
        test.TestState.OutputKind = output;
        if (HasImplicitUsings)
        {
            test.TestState.Sources.Add(("GuardUsing.cs", "global using Microscale.Guard;"));
        }

        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Exactly the marked code is reported in the body of an async method, where <c>injected</c> is a client
    /// from outside, <c>uri</c> an address and <c>flag</c> a condition.</summary>
    public Task ReportsInMethodAsync(string body) => ReportsAsync(InMethod(body));

    /// <summary>The fix, one by one and at once for all marked code, makes the second source of the first and leaves
    /// nothing to report.</summary>
    public Task FixesAsync<TFix>(string source, string fixedSource, string? key = null)
        where TFix : CodeFixProvider, new() => FixesAsync<TFix>([source], [fixedSource], key);

    public Task FixesAsync<TFix>(IReadOnlyList<string> sources, IReadOnlyList<string> fixedSources, string? key = null)
        where TFix : CodeFixProvider, new()
    {
        var test = new FixTest<TFix>(rule) { CodeActionEquivalenceKey = key };
        foreach (var (source, fixedSource) in sources.Zip(fixedSources))
        {
            test.TestState.Sources.Add(source);
            test.FixedState.Sources.Add(fixedSource);
        }

        Prepare(test);
        AddLibrary(test.FixedState.Sources);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    public Task FixesInMethodAsync<TFix>(string body, string fixedBody)
        where TFix : CodeFixProvider, new() => FixesAsync<TFix>(InMethod(body), "using Microscale.Guard;\n\n" + InMethod(fixedBody));

    /// <summary>The marked code is reported, and no fix is offered.</summary>
    public Task ReportsWithoutFixAsync<TFix>(string source)
        where TFix : CodeFixProvider, new() => FixesAsync<TFix>(source, source);

    public static string InMethod(string body) => $$"""
        class C
        {
            async Task M(IChatClient injected, IServiceProvider services, Uri uri, bool flag)
            {
                {{body.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;

    private void Prepare(AnalyzerTest<DefaultVerifier> test)
    {
        test.ReferenceAssemblies = None;
        test.TestState.AdditionalReferences.AddRange(CompiledAgainst);
        AddLibrary(test.TestState.Sources);
        if (Config is not null)
        {
            test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n" + Config));
        }

        // Generated code is analyzed on purpose.
        test.TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck;
        test.DisabledDiagnostics.AddRange(Rules.All.Select(r => r.Id).Where(id => id != rule));
    }

    private void AddLibrary(SourceFileList sources)
    {
        if (HasImplicitUsings)
        {
            sources.Add(("Usings.cs", ImplicitUsings.Source));
        }
    }

    private sealed class AnalyzerTest(string rule) : CSharpAnalyzerTest<GuardAnalyzer, DefaultVerifier>
    {
        protected override DiagnosticDescriptor GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers) => Rules.ById(rule);
    }

    private sealed class FixTest<TFix>(string rule) : CSharpCodeFixTest<GuardAnalyzer, TFix, DefaultVerifier>
        where TFix : CodeFixProvider, new()
    {
        protected override DiagnosticDescriptor GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers) => Rules.ById(rule);
    }
}
