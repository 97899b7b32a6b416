using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers;

/// <summary>A piece of code that a rule looks at, in its file.</summary>
internal readonly struct CodeContext
{
    private readonly SemanticModelAnalysisContext _file;

    public CodeContext(SemanticModelAnalysisContext file, SyntaxNode node)
    {
        _file = file;
        Node = node;
    }

    public SyntaxNode Node { get; }

    public SemanticModel SemanticModel => _file.SemanticModel;

    public Compilation Compilation => _file.SemanticModel.Compilation;

    public CancellationToken CancellationToken => _file.CancellationToken;

    /// <summary>The declared member or type that holds the code; looked up when it is asked for.</summary>
    public ISymbol? ContainingSymbol
    {
        get
        {
            var symbol = SemanticModel.GetEnclosingSymbol(Node.SpanStart, CancellationToken);
            while (symbol is IMethodSymbol { MethodKind: MethodKind.LambdaMethod or MethodKind.LocalFunction })
            {
                symbol = symbol.ContainingSymbol;
            }

            return symbol is IFieldSymbol { AssociatedSymbol: { } property } ? property : symbol;
        }
    }

    public void ReportDiagnostic(Diagnostic diagnostic) => _file.ReportDiagnostic(diagnostic);
}
