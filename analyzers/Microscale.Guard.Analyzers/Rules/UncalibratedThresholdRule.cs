using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG007: a raw score is compared with a number that stands in the code.</summary>
/// <remarks>
/// Reports a constant passed to <c>AbstainBelow</c> or to a <c>ConfidenceThresholdPolicy</c>, and a constant that a
/// <c>ConfidenceScore.Value</c> is compared with.
/// Silent for values from configuration, in a chain that names a calibration, and for <c>new(0.5)</c> in a file that does
/// not name the policy.
/// </remarks>
internal sealed class UncalibratedThresholdRule : IGuardRule
{
    private const string Policy = "ConfidenceThresholdPolicy";
    private const string Score = "Value";

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.UncalibratedThreshold,
        "A threshold on a raw score is written into the code",
        "{0} is a threshold on a raw score: it is no error rate, and fits one scorer and model only; fit it on labelled data",
        RuleIds.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "The same number means something else with another scorer, model or kind of question.",
        RuleIds.Page(RuleIds.UncalibratedThreshold));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        registry.OnCall((c, call) => Analyze(c, call, call.TargetMethod, call.Arguments), "AbstainBelow");
        registry.OnNode(AnalyzeCreation, [Policy], SyntaxKind.ObjectCreationExpression, SyntaxKind.ImplicitObjectCreationExpression);
        registry.OnNode(
            AnalyzeComparison,
            [Score],
            SyntaxKind.LessThanExpression,
            SyntaxKind.LessThanOrEqualExpression,
            SyntaxKind.GreaterThanExpression,
            SyntaxKind.GreaterThanOrEqualExpression);
    }

    private static void AnalyzeCreation(CodeContext context)
    {
        var mayMatch = context.Node switch
        {
            ObjectCreationExpressionSyntax creation => creation.Type is SimpleNameSyntax { Identifier.ValueText: Policy } or QualifiedNameSyntax { Right.Identifier.ValueText: Policy },
            ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } => arguments[0].Expression.IsKind(SyntaxKind.NumericLiteralExpression),
            _ => false,
        };
        if (mayMatch
            && context.SemanticModel.GetOperation(context.Node, context.CancellationToken) is IObjectCreationOperation { Type.Name: Policy, Constructor: { } constructor } operation)
        {
            Analyze(context, operation, constructor, operation.Arguments);
        }
    }

    private static void AnalyzeComparison(CodeContext context)
    {
        var comparison = (BinaryExpressionSyntax)context.Node;
        if (!IsScoreName(comparison.Left) && !IsScoreName(comparison.Right))
        {
            return;
        }

        if (context.SemanticModel.GetOperation(comparison, context.CancellationToken) is not IBinaryOperation operation)
        {
            return;
        }

        var (score, threshold) = IsScoreName(comparison.Left) ? (operation.LeftOperand, operation.RightOperand) : (operation.RightOperand, operation.LeftOperand);
        if (IsConstant(threshold)
            && score.DescendantsAndSelf().OfType<IPropertyReferenceOperation>().Any(p => p.Property is { Name: Score, ContainingType.Name: "ConfidenceScore" } && ChatSymbols.IsOwn(p.Property.ContainingType)))
        {
            Report(context, threshold);
        }
    }

    private static void Analyze(CodeContext context, IOperation operation, IMethodSymbol method, IEnumerable<IArgumentOperation> arguments)
    {
        if (!ChatSymbols.IsOwn(method.ContainingType)
            || arguments.FirstOrDefault(a => a.Parameter?.Type.SpecialType == SpecialType.System_Double) is not { Value: var threshold }
            || !IsConstant(threshold)
            || IsCalibrated(operation.Syntax))
        {
            return;
        }

        Report(context, threshold);
    }

    private static void Report(CodeContext context, IOperation threshold) =>
        context.ReportDiagnostic(Diagnostic.Create(s_descriptor, threshold.Syntax.GetLocation(), threshold.Syntax.ToString()));

    private static bool IsConstant(IOperation value) => value.ConstantValue.HasValue || (value is IConversionOperation conversion && IsConstant(conversion.Operand));

    private static bool IsScoreName(ExpressionSyntax expression) => expression switch
    {
        ConditionalAccessExpressionSyntax access => IsScoreName(access.WhenNotNull),
        ParenthesizedExpressionSyntax parenthesized => IsScoreName(parenthesized.Expression),
        _ => RuleRegistry.NameOf(expression) == Score,
    };

    /// <summary>Whether the statement around names a calibration: a calibrated score's threshold means something.</summary>
    private static bool IsCalibrated(SyntaxNode code)
    {
        var statement = code.FirstAncestorOrSelf<StatementSyntax>() ?? code;
        return statement.DescendantTokens().Any(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText.IndexOf("calibrat", StringComparison.OrdinalIgnoreCase) >= 0);
    }
}
