using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG001: a model is called through a client whose origin is in sight and has no guard.</summary>
/// <remarks>
/// Reports a model call when at least one origin of its client is seen and is unguarded, and calls of providers' own
/// types, which no guard can stand behind.
/// Silent when no unguarded origin is in sight (MSG002 then), and when a judge is in the chain (MSG006 then).
/// </remarks>
internal sealed class UnguardedCallRule : IGuardRule
{
    public const string DirectCallsKey = "microscale_guard.MSG001.direct_calls";

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.UnguardedCall,
        "A model is called through a client without a guard",
        "'{0}' is called on a client that no guard wraps: {1}",
        RuleIds.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The answer reaches the caller without grounding, verification and the choice to abstain.",
        RuleIds.Page(RuleIds.UnguardedCall));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry) => registry.OnModelCall((context, call) => Analyze(context, call, registry.Scope.Symbols.Options));

    private static void Analyze(CodeContext context, ModelCall call, GuardOptions options)
    {
        if (call.Traced.Origin != ClientOrigin.Unguarded
            || (call.IsDirect && !options.IsOn(context.Node.SyntaxTree, DirectCallsKey, byDefault: true)))
        {
            return;
        }

        var remedy = call.IsDirect ? "call it through an IChatClient with UseHallucinationGuard" : "add UseHallucinationGuard where the client is made";
        context.ReportDiagnostic(Diagnostic.Create(
            s_descriptor, call.Call.Syntax.GetLocation(), call.Traced.Places.Select(p => p.GetLocation()), call.Call.TargetMethod.Name, remedy));
    }
}
