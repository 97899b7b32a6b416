using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG011: prompts, answers or evidence are captured in telemetry outside of development.</summary>
/// <remarks>
/// Reports a content capture option of this library, of Microsoft.Extensions.AI or of the agent framework that is set to
/// <see langword="true"/>, and Semantic Kernel's switch for it.
/// Silent inside of an <c>if</c>, conditional or switch whose condition asks for development or debugging, and under
/// <c>#if DEBUG</c>.
/// </remarks>
internal sealed class SensitiveTelemetryRule : IGuardRule
{
    private const string KernelSwitch = "Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive";

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.SensitiveTelemetry,
        "Telemetry captures prompts and answers outside of development",
        "{0} puts prompts and answers into telemetry: set it in development only",
        RuleIds.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Prompts, answers and evidence hold what people wrote and what documents say; whoever can read traces can read them.",
        RuleIds.Page(RuleIds.SensitiveTelemetry));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        registry.OnAssignment(AnalyzeAssignment, "EnableSensitiveData", "CaptureContent", "CaptureMessageContent", "EnableSensitiveTelemetry", "RecordContent");
        registry.OnCall(AnalyzeSwitch, "SetSwitch");
    }

    private static void AnalyzeAssignment(CodeContext context, IAssignmentOperation assignment)
    {
        if (assignment is { Target: IPropertyReferenceOperation { Property: var property }, Value.ConstantValue: { HasValue: true, Value: true } }
            && IsOfAnAiLibrary(property.ContainingType)
            && !IsInDevelopment(context.Node))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, assignment.Syntax.GetLocation(), $"'{property.Name}'"));
        }
    }

    private static void AnalyzeSwitch(CodeContext context, IInvocationOperation call)
    {
        if (call is { TargetMethod.ContainingType.Name: "AppContext", Arguments.Length: 2 }
            && call.Arguments[0].Value.ConstantValue.Value is KernelSwitch
            && call.Arguments[1].Value.ConstantValue.Value is true
            && !IsInDevelopment(context.Node))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, call.Syntax.GetLocation(), "The switch"));
        }
    }

    private static bool IsOfAnAiLibrary(ITypeSymbol type)
    {
        var space = type.ContainingNamespace.ToDisplayString();
        return space.StartsWith("Microscale.Guard", StringComparison.Ordinal)
            || space.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal)
            || space.StartsWith("Microsoft.Agents.AI", StringComparison.Ordinal)
            || space.StartsWith("Microsoft.SemanticKernel", StringComparison.Ordinal);
    }

    private static bool IsInDevelopment(SyntaxNode code)
    {
        for (var inner = code; inner.Parent is { } outer; inner = outer)
        {
            var condition = outer switch
            {
                IfStatementSyntax branch when branch.Statement == inner => branch.Condition,
                ConditionalExpressionSyntax choice when choice.WhenTrue == inner => choice.Condition,
                _ => null,
            };
            if (condition is not null && SaysDevelopment(condition))
            {
                return true;
            }
        }

        return IsInDebugRegion(code);
    }

    private static bool SaysDevelopment(ExpressionSyntax condition)
    {
        var text = condition.ToString();
        return !text.StartsWith("!", StringComparison.Ordinal)
            && (text.IndexOf("Develop", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("Debug", StringComparison.OrdinalIgnoreCase) >= 0);
    }

    private static bool IsInDebugRegion(SyntaxNode code)
    {
        var open = new Stack<bool>();
        for (var directive = (code.SyntaxTree.GetRoot() as CompilationUnitSyntax)?.GetFirstDirective(); directive is not null && directive.SpanStart < code.SpanStart; directive = directive.GetNextDirective())
        {
            switch (directive)
            {
                case IfDirectiveTriviaSyntax branch:
                    open.Push(branch.Condition.ToString() == "DEBUG");
                    break;
                case ElifDirectiveTriviaSyntax or ElseDirectiveTriviaSyntax when open.Count > 0:
                    open.Pop();
                    open.Push(false);
                    break;
                case EndIfDirectiveTriviaSyntax when open.Count > 0:
                    open.Pop();
                    break;
            }
        }

        return open.Contains(true);
    }
}
