using Microscale.Guard.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>Runs a rule and its fix over sources in which <c>[|…|]</c> marks what must be reported.</summary>
internal static class Verify
{
    private static readonly ReferenceAssemblies None = new("net10.0");

    /// <summary>Exactly the marked calls are reported.</summary>
    public static Task ReportsAsync(string source, OutputKind output = OutputKind.DynamicallyLinkedLibrary)
    {
        var test = new CSharpAnalyzerTest<UnguardedCallAnalyzer, DefaultVerifier> { TestCode = source };
        Prepare(test);
        test.TestState.OutputKind = output;
        test.TestState.Sources.Add(("GuardUsing.cs", "global using Microscale.Guard;"));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Exactly the marked calls are reported in the body of an async method, where <c>injected</c> is a client
    /// from outside, <c>uri</c> an address and <c>flag</c> a condition.</summary>
    public static Task ReportsInMethodAsync(string body) => ReportsAsync(InMethod(body));

    /// <summary>The fix, one by one and at once for all marked calls, makes the second source of the first and leaves
    /// nothing to report.</summary>
    public static Task FixesAsync(string source, string fixedSource)
    {
        var test = new CSharpCodeFixTest<UnguardedCallAnalyzer, GuardClientCodeFixProvider, DefaultVerifier> { TestCode = source, FixedCode = fixedSource };
        Prepare(test);
        AddLibrary(test.FixedState.Sources);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    public static Task FixesInMethodAsync(string body, string fixedBody) =>
        FixesAsync(InMethod(body), "using Microscale.Guard;\n\n" + InMethod(fixedBody));

    /// <summary>The marked calls are reported, and no fix is offered.</summary>
    public static Task ReportsWithoutFixAsync(string source) => FixesAsync(source, source);

    public static string InMethod(string body) => $$"""
        class C
        {
            async Task M(IChatClient injected, IServiceProvider services, Uri uri, bool flag)
            {
                {{body.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;

    private static void Prepare(AnalyzerTest<DefaultVerifier> test)
    {
        test.ReferenceAssemblies = None;
        test.TestState.AdditionalReferences.AddRange(References.All);
        AddLibrary(test.TestState.Sources);

        // Generated code is analyzed on purpose.
        test.TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck;
    }

    private static void AddLibrary(SourceFileList sources)
    {
        sources.Add(("Usings.cs", ImplicitUsings.Source));
    }
}
