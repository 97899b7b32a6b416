using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG001: a model is called through a client whose origin is in sight and has no guard.</summary>
/// <remarks>
/// Reports a call of <c>GetResponseAsync</c> or <c>GetStreamingResponseAsync</c>, on <c>IChatClient</c> or by its
/// extension methods, when at least one origin of the client is seen and is unguarded.
/// Silent when an origin cannot be seen (a parameter, a service, a property, a method's result), for the calls that a
/// decorator makes on the client it wraps, and in expression trees.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnguardedCallAnalyzer : DiagnosticAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = new(
        RuleIds.UnguardedCall,
        "A model is called through a client without a guard",
        "'{0}' is called on a client that no guard wraps: add UseHallucinationGuard where the client is made",
        "Reliability",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The answer reaches the caller without grounding, verification and the choice to abstain.",
        helpLinkUri: RuleIds.Page(RuleIds.UnguardedCall));

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rule);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // Razor pages are generated code, and they call models.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (ChatSymbols.Create(start.Compilation) is { } symbols)
            {
                start.RegisterOperationAction(c => Analyze(c, symbols), OperationKind.Invocation);
            }
        });
    }

    private static void Analyze(OperationAnalysisContext context, ChatSymbols symbols)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!symbols.IsModelCall(call.TargetMethod)
            || ChatSymbols.Receiver(call) is not { } client
            || IsInExpressionTree(call, symbols))
        {
            return;
        }

        var traced = new ClientTracer(symbols, context.CancellationToken).Trace(client);
        if (traced.Origin == ClientOrigin.Unguarded)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rule, call.Syntax.GetLocation(), traced.Places.Select(p => p.GetLocation()), call.TargetMethod.Name));
        }
    }

    private static bool IsInExpressionTree(IOperation operation, ChatSymbols symbols)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation && symbols.IsExpressionTree(parent.Parent?.Type))
            {
                return true;
            }
        }

        return false;
    }
}
