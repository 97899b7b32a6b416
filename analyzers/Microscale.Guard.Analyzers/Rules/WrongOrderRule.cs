using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG005: the decorators of a chain stand in an order in which one cannot see what it needs.</summary>
/// <remarks>
/// Reports, for the later of two calls on one builder: grounding inside of a part that needs its evidence, abstention
/// inside of the judge whose judgement it needs, a cache inside of the guard, which replays the draft that was withheld,
/// and a second guard, also one around a client that has one.
/// Silent where calls stand in different blocks.
/// </remarks>
internal sealed class WrongOrderRule : IGuardRule
{
    /// <summary>The property that says what the fix does: <c>Remove</c> or <c>Reorder</c>.</summary>
    public const string Remedy = "Remedy";
    public const string Remove = "Remove";
    public const string Reorder = "Reorder";

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.WrongOrder,
        "The decorators of a chain stand in the wrong order",
        "'{0}' after '{1}': {2}",
        RuleIds.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The first call on a builder is the outermost decorator. Grounding, abstention, verification and confidence need this order, caches belong outside of them, and one guard is enough.",
        RuleIds.Page(RuleIds.WrongOrder));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        var scope = registry.Scope;
        registry.OnCall((c, call) => Analyze(c, call, scope), "UseGrounding", "UseAbstention", "UseHallucinationGuard", "UseDistributedCache");
    }

    private static void Analyze(CodeContext context, IInvocationOperation call, CompilationScope scope)
    {
        var name = call.TargetMethod.Name;
        if (!scope.Symbols.IsChatBuilder(call.Type) || (name != "UseDistributedCache" && !ChatSymbols.IsOwn(call.TargetMethod)))
        {
            return;
        }

        var (before, origin) = BuilderChain.Before(call, scope.Symbols);
        foreach (var outer in before)
        {
            if ((ChatSymbols.IsOwn(outer.TargetMethod) ? Problem(outer.TargetMethod.Name, name) : null) is { } problem)
            {
                Report(context, call, outer.TargetMethod.Name, problem);
                return;
            }
        }

        if (IsGuard(name) && ClientIn(origin, scope.Symbols) is { } client
            && scope.CreateTracer(context.CancellationToken).Trace(client).Origin == ClientOrigin.Guarded)
        {
            Report(context, call, "a client that has a guard", DoubleGuard);
        }
    }

    private const string DoubleGuard = "one guard is enough, and two ask the model twice as often";

    private static string? Problem(string outer, string inner) => (outer, inner) switch
    {
        _ when IsGuard(outer) && IsGuard(inner) => DoubleGuard,
        ("UseVerification", "UseGrounding") => "verification cannot see the evidence that grounding adds further in",
        ("UseAbstention" or "UseHallucinationGuard", "UseGrounding") => "abstention cannot see whether grounding further in found evidence",
        ("UseVerification", "UseAbstention") => "abstention cannot see verdicts that are given further out",
        ("UseConfidence", "UseAbstention") => "abstention cannot see a score that is given further out",
        ("UseVerification" or "UseConfidence" or "UseAbstention" or "UseHallucinationGuard", "UseDistributedCache") => "a cache further in replays the draft that was withheld, and every sample",
        _ => null,
    };

    private static bool IsGuard(string name) => name is "UseHallucinationGuard" or "UseAbstention";

    /// <summary>The client that a chain is built around.</summary>
    private static IOperation? ClientIn(IOperation? origin, ChatSymbols symbols) => origin switch
    {
        IInvocationOperation call when symbols.IsAsBuilder(call.TargetMethod) => ChatSymbols.Receiver(call),
        IObjectCreationOperation { Arguments.Length: 1 } creation when symbols.IsBuilder(creation.Type) => creation.Arguments[0].Value,
        _ => null,
    };

    private static void Report(CodeContext context, IInvocationOperation call, string outer, string problem)
    {
        var name = call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } ? access.Name : call.Syntax;
        var remedy = problem == DoubleGuard ? Remove : Reorder;
        context.ReportDiagnostic(Diagnostic.Create(
            s_descriptor, name.GetLocation(), ImmutableDictionary<string, string?>.Empty.Add(Remedy, remedy), call.TargetMethod.Name, outer, problem));
    }
}
