using Microscale.Guard.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>Code in which no rule may find anything: the files of ValidCode, and this repository's own libraries.</summary>
public class ValidCodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Folders => ["tests/Microscale.Guard.Analyzers.Tests/ValidCode", "src/Microscale.Guard", "src/Microscale.Guard.Onnx"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task ValidCode_HasNoDiagnosticOfAnyRule(string folder)
    {
        var compilation = Compile(folder);
        var errors = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (e, _, _) => errors.Add(e), concurrentAnalysis: true, logAnalyzerExecutionTime: false);

        var diagnostics = await compilation.WithAnalyzers([new GuardAnalyzer()], options).GetAnalyzerDiagnosticsAsync(Token);

        Assert.Empty(diagnostics);
        Assert.Empty(errors);
    }

    [Fact]
    public void ValidCode_Compiles() => Assert.DoesNotContain(Compile(Folders.First()).GetDiagnostics(Token), d => d.Severity == DiagnosticSeverity.Error);

    /// <remarks>The libraries are compiled without what their source generators add.</remarks>
    private static CSharpCompilation Compile(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
        var references = folder.EndsWith("Microscale.Guard", StringComparison.Ordinal)
            ? References.All.Where(r => !r.Display!.EndsWith("Microscale.Guard.dll", StringComparison.Ordinal))
            : References.All;
        return CSharpCompilation.Create(
            "Valid",
            [
                CSharpSyntaxTree.ParseText(ImplicitUsings.Framework, cancellationToken: Token),
                .. files.Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), path: f, cancellationToken: Token)),
            ],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }
}
