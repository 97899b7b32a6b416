using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG009: streamed text reaches the caller before its verdict.</summary>
/// <remarks>
/// Reports a streaming mode that lets text pass, and a streaming call on a chain that judges answers and holds nothing that
/// decides.
/// Silent for the sentence-gated and the buffered mode.
/// </remarks>
internal sealed class PassThroughStreamingRule : IGuardRule
{
    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.PassThroughStreaming,
        "Unverified text is streamed to the caller",
        "{0} streams text to the caller before its verdict: use StreamingMode.SentenceGated",
        RuleIds.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "What was read cannot be taken back. The sentence-gated mode releases a sentence as soon as its verdict is there.",
        RuleIds.Page(RuleIds.PassThroughStreaming));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        registry.OnAssignment(AnalyzeMode, "Streaming", "StreamingMode");
        registry.OnModelCall(AnalyzeCall);
    }

    private static void AnalyzeMode(CodeContext context, IAssignmentOperation assignment)
    {
        if (assignment.Value is IFieldReferenceOperation { Field: { Name: not ("SentenceGated" or "Buffered"), Type.Name: "StreamingMode" } mode } && ChatSymbols.IsOwn(mode.Type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, assignment.Value.Syntax.GetLocation(), $"'{mode.Name}'"));
        }
    }

    private static void AnalyzeCall(CodeContext context, ModelCall call)
    {
        if (call.Traced.Origin == ClientOrigin.Judged && call.Call.TargetMethod.Name.IndexOf("Streaming", StringComparison.Ordinal) >= 0)
        {
            var name = context.Node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } ? access.Name : context.Node;
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, name.GetLocation(), $"'{call.Call.TargetMethod.Name}' on a client that judges and does not decide"));
        }
    }
}
