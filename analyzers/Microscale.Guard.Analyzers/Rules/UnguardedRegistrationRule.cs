using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG003: a client without a guard is registered as a service, or handed out by a builder.</summary>
/// <remarks>
/// Reports <c>AddChatClient</c>, keyed or not, whose client and chain are in sight and hold no guard, a provider's own
/// <c>AddChatClient</c> without a guard in the chain, a hand-written registration of <c>IChatClient</c> whose
/// implementation or factory is in sight, and a builder that is built where the client leaves the assembly.
/// Silent when the client, or a part of the chain, is out of sight.
/// </remarks>
internal sealed class UnguardedRegistrationRule : IGuardRule
{
    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.UnguardedRegistration,
        "A chat client is registered or handed out without a guard",
        "'{0}' gives everyone who asks for a chat client one without a guard: add UseHallucinationGuard",
        RuleIds.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Whoever is given a client from a service container, or from a library, relies on the guard being in it.",
        RuleIds.Page(RuleIds.UnguardedRegistration));

    private static readonly string[] s_handWritten =
    [
        "AddSingleton", "AddScoped", "AddTransient", "AddKeyedSingleton", "AddKeyedScoped", "AddKeyedTransient",
        "TryAddSingleton", "TryAddScoped", "TryAddTransient", "TryAddKeyedSingleton", "TryAddKeyedScoped", "TryAddKeyedTransient",
        "Singleton", "Scoped", "Transient", "KeyedSingleton", "KeyedScoped", "KeyedTransient",
    ];

    private static readonly string[] s_connectors =
        ["AddOpenAIChatClient", "AddAzureOpenAIChatClient", "AddOllamaChatClient", "AddGoogleAIGeminiChatClient", "AddBedrockChatClient"];

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        var scope = registry.Scope;
        registry.OnCall((c, call) => AnalyzeChain(c, call, scope), "AddChatClient", "AddKeyedChatClient");
        registry.OnCall((c, call) => AnalyzeByHand(c, call, scope), s_handWritten);
        registry.OnCall((c, call) => AnalyzeConnector(c, call, scope), s_connectors);
        registry.OnCall((c, call) => AnalyzeBuild(c, call, scope), "Build");
    }

    private static void AnalyzeChain(CodeContext context, IInvocationOperation registration, CompilationScope scope)
    {
        if (!scope.Symbols.IsRegistration(registration.TargetMethod))
        {
            return;
        }

        var traced = scope.CreateTracer(context.CancellationToken).TraceChainFrom(registration);
        if (traced.Origin == ClientOrigin.Unguarded)
        {
            Report(context, registration, traced.Places);
        }
    }

    private static void AnalyzeByHand(CodeContext context, IInvocationOperation registration, CompilationScope scope)
    {
        var method = registration.TargetMethod;
        if (!method.IsStatic || method.ContainingType.Name is not ("ServiceCollectionServiceExtensions" or "ServiceCollectionDescriptorExtensions" or "ServiceDescriptor"))
        {
            return;
        }

        var types = method.TypeArguments.IsEmpty
            ? registration.Arguments.Select(a => (a.Value as ITypeOfOperation)?.TypeOperand).OfType<ITypeSymbol>().ToList()
            : method.TypeArguments.ToList();
        if (types.Count == 0 || !scope.Symbols.IsChatClientInterface(types[0]))
        {
            return;
        }

        if (types.Count > 1)
        {
            if (!scope.Symbols.IsDelegating(types[1]) && !scope.Symbols.IsIgnored(types[1]))
            {
                Report(context, registration, []);
            }

            return;
        }

        var client = registration.Arguments.LastOrDefault(a => a.Value is not ITypeOfOperation && a.Parameter?.Name is not ("services" or "serviceKey" or "collection"))?.Value;
        var traced = client is null ? TracedClient.Unknown : scope.CreateTracer(context.CancellationToken).TraceValueOrFactory(client);
        if (traced.Origin == ClientOrigin.Unguarded)
        {
            Report(context, registration, traced.Places);
        }
    }

    /// <summary>A connector's registration leaves no place for a chain.</summary>
    private static void AnalyzeConnector(CodeContext context, IInvocationOperation registration, CompilationScope scope)
    {
        if (scope.Symbols.IsForeign(registration.TargetMethod) && !scope.Symbols.IsRegistration(registration.TargetMethod))
        {
            Report(context, registration, []);
        }
    }

    private static void AnalyzeBuild(CodeContext context, IInvocationOperation build, CompilationScope scope)
    {
        if (!scope.Symbols.IsBuild(build.TargetMethod) || !scope.Symbols.IsChatClient(build.Type) || !LeavesTheAssembly(build, context.ContainingSymbol))
        {
            return;
        }

        var traced = scope.CreateTracer(context.CancellationToken).Trace(build);
        if (traced.Origin == ClientOrigin.Unguarded)
        {
            Report(context, build, traced.Places);
        }
    }

    private static bool LeavesTheAssembly(IOperation value, ISymbol? container)
    {
        var parent = value.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            IReturnOperation => Definitions.FunctionOf(value) is null && IsVisibleOutside(container),
            IPropertyInitializerOperation or IFieldInitializerOperation => IsVisibleOutside(container),
            IAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } => IsVisibleOutside(member),
            _ => false,
        };
    }

    private static bool IsVisibleOutside(ISymbol? symbol)
    {
        if (symbol is null)
        {
            return false;
        }

        for (var current = symbol; current is not (null or INamespaceSymbol); current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    private static void Report(CodeContext context, IInvocationOperation call, IEnumerable<SyntaxNode> places) =>
        context.ReportDiagnostic(Diagnostic.Create(s_descriptor, call.Syntax.GetLocation(), places.Select(p => p.GetLocation()), call.TargetMethod.Name));
}
