using System.Collections.Immutable;
using Microscale.Guard.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>Code that does not compile, refers to itself or is very deep ends without a crash.</summary>
public class RobustnessTests
{
    private const string Shapes = """
        using Microscale.Guard;
        class C
        {
            private readonly IChatClient _field = new OllamaApiClient(new Uri("http://a/"), "m");
            async Task M(IChatClient? injected, Uri uri, bool flag)
            {
                var builder = new ChatClientBuilder(_ => { return injected ?? _field; });
                builder.Use(inner => new AbstentionChatClient(inner, new())).UseLogging();
                IChatClient client = flag ? new OllamaApiClient(uri, "m") : (IChatClient)injected?.AsBuilder().Build()!;
                while (flag) { client = client.AsBuilder().UseHallucinationGuard(g => g.AbstainBelow(0.5)).Build(); }
                client ??= flag switch { true => builder.Build(), _ => throw new Exception() };
                if (flag) { (client, flag) = (client, false); }
                await client.GetResponseAsync<int>("q");
                await foreach (var update in (await Task.FromResult(client)).GetStreamingResponseAsync("q")) { }
            }
        }
        """;

    [Fact]
    public async Task HalfTypedCode_NeverCrashes()
    {
        var compilation = Compile(References.All, ImplicitUsings.Source);
        var whole = CSharpSyntaxTree.ParseText(Shapes, cancellationToken: Token);
        Assert.Equal(2, (await AnalyzeAsync(compilation.AddSyntaxTrees(whole), whole)).Length);

        foreach (var token in (await whole.GetRootAsync(Token)).DescendantTokens())
        {
            foreach (var code in new[] { Shapes[..token.Span.End], Shapes.Remove(token.SpanStart, token.Span.Length) })
            {
                var tree = CSharpSyntaxTree.ParseText(code, cancellationToken: Token);
                await AnalyzeAsync(compilation.AddSyntaxTrees(tree), tree);
            }
        }
    }

    [Fact]
    public async Task CyclicLocals_End()
    {
        var diagnostics = await AnalyzeInMethodAsync("""
            IChatClient a = b; IChatClient b = a;
            IChatClient self = self;
            while (true) { a = b.AsBuilder().Build(); b = a; await a.GetResponseAsync("q"); }
            await self.GetResponseAsync("q");
            ChatClientBuilder one = two; ChatClientBuilder two = one.UseLogging();
            await two.Build().GetResponseAsync("q");
            """);

        Assert.Empty(diagnostics);
    }

    [Theory]
    [InlineData(40, 1)]
    [InlineData(2000, 0)]
    public async Task DeepNesting_IsGivenUpAfterABound(int depth, int expected)
    {
        var chain = string.Concat(Enumerable.Repeat(".UseLogging()", depth));

        var diagnostics = await AnalyzeInMethodAsync($"await ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(){chain}.Build().GetResponseAsync(\"q\");");

        Assert.Equal(expected, diagnostics.Length);
    }

    [Fact]
    public async Task ManyBranches_EndInBoundedTime()
    {
        // Each variable has two ways to the one before it: followed naively, 2^60 paths.
        var lines = Enumerable.Range(1, 60).Select(n => $"IChatClient c{n} = flag ? c{n - 1} : c{n - 1};");

        var diagnostics = await AnalyzeInMethodAsync("IChatClient c0 = injected;\n" + string.Join('\n', lines) + "\nawait c60.GetResponseAsync(\"q\");");

        Assert.Empty(diagnostics);
    }

    [Fact]
    public async Task WithoutChatClients_NothingIsRegistered()
    {
        var compilation = Compile(References.Framework, "class C { void M() { GetResponseAsync(); } void GetResponseAsync() { } }");
        var analyzer = new GuardAnalyzer();
        var analysis = compilation.WithAnalyzers([analyzer]);

        Assert.Empty(await analysis.GetAnalyzerDiagnosticsAsync(Token));
        var counts = await analysis.GetAnalyzerTelemetryInfoAsync(analyzer, Token);
        Assert.Equal(0, counts.SemanticModelActionsCount);
    }

    /// <summary>Actions for nodes, operations or symbols make the compiler prepare every declaration, which costs several percent of
    /// a build.</summary>
    [Fact]
    public async Task WithChatClients_OneActionAFileIsRegistered()
    {
        var analyzer = new GuardAnalyzer();
        var analysis = Compile(References.All, "class C { }").WithAnalyzers([analyzer]);

        await analysis.GetAnalyzerDiagnosticsAsync(Token);
        var counts = await analysis.GetAnalyzerTelemetryInfoAsync(analyzer, Token);
        Assert.Equal(1, counts.SemanticModelActionsCount);
        Assert.Equal(
            0,
            counts.SyntaxNodeActionsCount + counts.OperationActionsCount + counts.SymbolActionsCount + counts.SymbolStartActionsCount
                + counts.CodeBlockActionsCount + counts.CodeBlockStartActionsCount + counts.OperationBlockActionsCount + counts.OperationBlockStartActionsCount);
    }

    /// <summary>An editor asks for the part of a file that is worked on.</summary>
    [Fact]
    public async Task PartOfAFile_IsAnalyzedAlone()
    {
        const string Calls = "{ IChatClient client = new OllamaApiClient(uri, \"m\"); return client.GetResponseAsync(\"q\"); }";
        var compilation = Compile(References.All, ImplicitUsings.Source, $"class C {{ Task First(Uri uri) {Calls} Task Second(Uri uri) {Calls} }}");
        var tree = compilation.SyntaxTrees[^1];
        var second = (await tree.GetRootAsync(Token)).DescendantNodes().OfType<MethodDeclarationSyntax>().Last();

        var diagnostics = await compilation.WithAnalyzers([new GuardAnalyzer()])
            .GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), second.FullSpan, Token);

        Assert.True(second.Span.Contains(Assert.Single(diagnostics, d => d.Id == "MSG001").Location.SourceSpan));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeInMethodAsync(string body)
    {
        var compilation = Compile(References.All, ImplicitUsings.Source, Verify.InMethod(body));
        return await AnalyzeAsync(compilation, compilation.SyntaxTrees[^1]);
    }

    private static CSharpCompilation Compile(IEnumerable<MetadataReference> references, params string[] sources) => CSharpCompilation.Create(
        "Probe",
        sources.Select(s => CSharpSyntaxTree.ParseText(s, cancellationToken: Token)),
        references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation, SyntaxTree tree)
    {
        var crashes = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => crashes.Add(exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers([new GuardAnalyzer()], options)
            .GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), filterSpan: null, Token);
        Assert.Empty(crashes);
        return [.. diagnostics.Where(d => d.Id == "MSG001")];
    }
}
