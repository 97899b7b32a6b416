using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG006: the text of a judged answer is used, and nobody looks at the judgement.</summary>
/// <remarks>
/// Reports a call whose answer's text is used, where the chain holds <c>UseVerification</c> or <c>UseConfidence</c> and nothing
/// that decides, so that the text is the model's own, and <c>GetGuardReport</c> is not called on the answer.
/// Silent when the answer is handed on whole, because its receiver may look, and behind a guard that decides: that one
/// replaces the text.
/// </remarks>
internal sealed class VerdictIgnoredRule : IGuardRule
{
    /// <summary>The property that says whether the answer has verdicts; else it has a score only.</summary>
    public const string IsVerified = "IsVerified";

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.VerdictIgnored,
        "The judgement on an answer is not looked at",
        "The text of this answer is used without a look at its {0}: call GetGuardReport, or add UseAbstention",
        RuleIds.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Verification and confidence judge an answer and leave it as it is; without abstention, the caller has to act on the judgement.",
        RuleIds.Page(RuleIds.VerdictIgnored));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry) => registry.OnModelCall(Analyze);

    private static void Analyze(CodeContext context, ModelCall call)
    {
        if (call.Traced.Origin != ClientOrigin.Judged)
        {
            return;
        }

        var answer = Outward(call.Call);
        if (IsTextOf(answer))
        {
            // Nothing else can be asked of it.
            Report(context, call, answer: null);
        }
        else if (VariableOf(answer) is { } variable && IsOnlyText(variable, answer))
        {
            Report(context, call, answer);
        }
    }

    /// <summary>Whether the text of an answer is used, and the answer itself is not looked at or handed on.</summary>
    private static bool IsOnlyText(ILocalSymbol variable, IOperation answer)
    {
        var isRead = false;
        foreach (var use in Definitions.RootOf(answer).Descendants().OfType<ILocalReferenceOperation>())
        {
            if (!SymbolEqualityComparer.Default.Equals(use.Local, variable) || IsWrite(use))
            {
                continue;
            }

            var isText = IsTextOf(use);
            isRead |= isText;
            if (!isText && use.Parent is not IPropertyReferenceOperation)
            {
                return false;
            }
        }

        return isRead;
    }

    /// <remarks>At the call, because an editor takes what is reported elsewhere for the whole compilation's matter.</remarks>
    private static void Report(CodeContext context, ModelCall call, IOperation? answer) => context.ReportDiagnostic(Diagnostic.Create(
        s_descriptor,
        call.Call.Syntax.GetLocation(),
        answer is null ? [] : [answer.Syntax.GetLocation()],
        ImmutableDictionary<string, string?>.Empty.Add(IsVerified, call.Traced.IsVerified ? "true" : "false"),
        call.Traced.IsVerified ? "verdicts" : "confidence"));

    /// <summary>The awaited call, or the stream that is read.</summary>
    private static IOperation Outward(IOperation call)
    {
        var value = call;
        while (value.Parent is IAwaitOperation or IParenthesizedOperation or IConversionOperation { OperatorMethod: null, IsImplicit: true, Type.SpecialType: not SpecialType.System_Object }
            || (value.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WithCancellation" } configured && ChatSymbols.Receiver(configured) == value)
            || (value.Parent is IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WithCancellation" } }))
        {
            value = value.Parent is IArgumentOperation ? value.Parent.Parent! : value.Parent!;
        }

        return value;
    }

    private static ILocalSymbol? VariableOf(IOperation answer) => answer.Parent switch
    {
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => local,
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment when assignment.Value == answer => local,
        IForEachLoopOperation { Locals.Length: 1 } loop when loop.Collection == answer => loop.Locals[0],
        _ => null,
    };

    /// <summary>Whether the text of an answer or update is read, or written where people read.</summary>
    private static bool IsTextOf(IOperation answer) => answer.Parent switch
    {
        IPropertyReferenceOperation { Property.Name: "Text" } => true,
        IInvocationOperation { TargetMethod: { Name: "ToString", Parameters.IsEmpty: true } } call => call.Instance == answer,
        IInterpolationOperation => true,
        IBinaryOperation { Type.SpecialType: SpecialType.System_String } => true,
        IConversionOperation { Type.SpecialType: SpecialType.System_Object, Parent: IArgumentOperation argument } => IsWriting(argument),
        IConversionOperation { Type.SpecialType: SpecialType.System_Object, Parent: IBinaryOperation { Type.SpecialType: SpecialType.System_String } } => true,
        IArgumentOperation argument => IsWriting(argument),
        _ => false,
    };

    private static bool IsWriting(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { TargetMethod: { Name: "Write" or "WriteLine" or "WriteAsync" or "WriteLineAsync" } };

    private static bool IsWrite(IOperation use) => use.Parent is IAssignmentOperation assignment && assignment.Target == use;
}
