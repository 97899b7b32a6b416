using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG008: a policy delivers answers when a part of the guard fails.</summary>
/// <remarks>
/// Reports <c>FaultAction.Proceed</c> for a verifier, scorer or source that fails, and a policy of one's own that
/// delivers from a <c>catch</c>.
/// Silent for <c>WhenNoEvidence</c>: finding nothing is no failure, and the verdicts say so.
/// </remarks>
internal sealed class FailOpenRule : IGuardRule
{
    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.FailOpen,
        "A policy delivers answers that could not be checked",
        "{0} delivers an answer that could not be checked: abstain instead",
        RuleIds.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What could not be checked is not supported. A guard that opens when a part of it fails is no guard on the day it is needed.",
        RuleIds.Page(RuleIds.FailOpen));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        registry.OnNode(AnalyzeAssignment, ["Proceed"], SyntaxKind.SimpleAssignmentExpression);
        registry.OnNode(AnalyzeCatch, ["Decide"], SyntaxKind.CatchClause);
    }

    private static void AnalyzeAssignment(CodeContext context)
    {
        if (RuleRegistry.NameOf(((AssignmentExpressionSyntax)context.Node).Right) == "Proceed"
            && context.SemanticModel.GetOperation(context.Node, context.CancellationToken)
                is IAssignmentOperation { Target: IPropertyReferenceOperation { Property: { Name: not "WhenNoEvidence", Type.Name: "FaultAction" } property } }
            && ChatSymbols.IsOwn(property.Type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, context.Node.GetLocation(), $"'{property.Name} = Proceed'"));
        }
    }

    private static void AnalyzeCatch(CodeContext context)
    {
        if (context.ContainingSymbol is not IMethodSymbol { Name: "Decide", ContainingType: var type }
            || !type.AllInterfaces.Any(i => i.Name == "IAbstentionPolicy" && ChatSymbols.IsOwn(i)))
        {
            return;
        }

        foreach (var access in context.Node.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
        {
            if (access.Name.Identifier.ValueText == "Deliver"
                && context.SemanticModel.GetSymbolInfo(access, context.CancellationToken).Symbol is { ContainingType.Name: "PolicyDecision" } deliver
                && ChatSymbols.IsOwn(deliver))
            {
                context.ReportDiagnostic(Diagnostic.Create(s_descriptor, access.GetLocation(), $"'{access}' in a catch"));
            }
        }
    }
}
