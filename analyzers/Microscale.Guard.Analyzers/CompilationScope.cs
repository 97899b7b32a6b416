using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers;

/// <summary>What the rules share while one compilation is analyzed.</summary>
/// <remarks>Safe for the analyzer's concurrent callbacks.</remarks>
internal sealed class CompilationScope
{
    private readonly Compilation _compilation;
    private readonly Lazy<GuardPromises> _promises;

    public CompilationScope(Compilation compilation, ChatSymbols symbols)
    {
        _compilation = compilation;
        Symbols = symbols;
        _promises = new(() => GuardPromises.Find(compilation, symbols));
    }

    public ChatSymbols Symbols { get; }

    public GuardPromises Promises => _promises.Value;

    /// <summary>What methods return and members hold, each traced once.</summary>
    public ConcurrentDictionary<ISymbol, TracedClient> Summaries { get; } = new(SymbolEqualityComparer.Default);

    public ClientTracer CreateTracer(CancellationToken cancellationToken) => new(this, cancellationToken);

    /// <summary>The operation of a piece of code in any file of the compilation; null when it has none.</summary>
    [SuppressMessage(
        "MicrosoftCodeAnalysisCorrectness",
        "RS1030:Do not invoke Compilation.GetSemanticModel() method within a diagnostic analyzer",
        Justification = "A client is followed into the methods and members that hand it out, each once for a compilation; the compilation shares the model with its analyzers.")]
    public IOperation? OperationAt(SyntaxNode code, CancellationToken cancellationToken) =>
        _compilation.ContainsSyntaxTree(code.SyntaxTree) ? _compilation.GetSemanticModel(code.SyntaxTree).GetOperation(code, cancellationToken) : null;
}
