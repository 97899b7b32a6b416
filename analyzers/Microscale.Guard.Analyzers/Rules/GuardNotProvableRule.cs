using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG002: a model is called through a client from out of sight, and nothing promises that it has a guard.</summary>
/// <remarks>
/// Reports a model call whose client comes from a parameter, a service, another assembly, or a member that others can
/// assign.
/// Silent when the parameter, member, return value or assembly is marked with <c>[Guarded]</c>.
/// </remarks>
internal sealed class GuardNotProvableRule : IGuardRule
{
    private const string ParameterCount = "ParameterCount";

    public const string ServicesKey = "microscale_guard.MSG002.trust_services";

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.GuardNotProvable,
        "Nothing promises that the client has a guard",
        "'{0}' is called on a client that comes from {1}: mark it with [Guarded], or wrap it",
        RuleIds.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Where a client comes from out of sight, the promise of a guard can be written down and is then checked.",
        RuleIds.Page(RuleIds.GuardNotProvable));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    /// <summary>How many of a diagnostic's additional locations are parameters to mark: the first ones. The rest are
    /// expressions to wrap.</summary>
    public static int ParametersOf(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(ParameterCount, out var count) ? int.Parse(count, CultureInfo.InvariantCulture) : 0;

    public void Register(RuleRegistry registry) => registry.OnModelCall((context, call) => Analyze(context, call, registry.Scope.Symbols.Options));

    private static void Analyze(CodeContext context, ModelCall call, GuardOptions options)
    {
        if (call.Traced.Origin != ClientOrigin.Unknown)
        {
            return;
        }

        var traced = call.Traced;
        if (!traced.Unseen.IsEmpty
            && traced.Parameters.IsEmpty
            && traced.Unseen.All(u => IsLocator(u))
            && options.IsOn(context.Node.SyntaxTree, ServicesKey, byDefault: false))
        {
            return;
        }

        var parameters = traced.Parameters.SelectMany(p => p.DeclaringSyntaxReferences).Select(r => Location.Create(r.SyntaxTree, r.Span)).ToList();
        context.ReportDiagnostic(Diagnostic.Create(
            s_descriptor,
            call.Call.Syntax.GetLocation(),
            parameters.Concat(traced.Unseen.Select(u => u.GetLocation())),
            ImmutableDictionary<string, string?>.Empty.Add(ParameterCount, parameters.Count.ToString(CultureInfo.InvariantCulture)),
            call.Call.TargetMethod.Name,
            SourceOf(traced)));
    }

    private static bool IsLocator(SyntaxNode code) =>
        code is InvocationExpressionSyntax call
        && RuleRegistry.NameOf(call.Expression) is ("GetRequiredService" or "GetService" or "GetKeyedService" or "GetRequiredKeyedService");

    private static string SourceOf(TracedClient traced) =>
        !traced.Parameters.IsEmpty ? $"the parameter '{traced.Parameters[0].Name}'"
        : !traced.Unseen.IsEmpty && NameOf(traced.Unseen[0]) is { } name ? $"'{name}'"
        : "out of sight";

    private static string? NameOf(SyntaxNode code) => code switch
    {
        InvocationExpressionSyntax call => RuleRegistry.NameOf(call.Expression),
        ExpressionSyntax expression => RuleRegistry.NameOf(expression),
        _ => null,
    };
}
