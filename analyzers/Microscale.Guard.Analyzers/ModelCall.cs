using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>A call that makes a model answer, and where its client comes from.</summary>
internal sealed class ModelCall
{
    private ModelCall(IInvocationOperation call, IOperation? client, TracedClient traced, bool isDirect)
    {
        Call = call;
        Client = client;
        Traced = traced;
        IsDirect = isDirect;
    }

    public IInvocationOperation Call { get; }

    /// <summary>The client; null for a static method that users configured.</summary>
    public IOperation? Client { get; }

    public TracedClient Traced { get; }

    /// <summary>Whether it is a method of a provider, which no guard can stand behind.</summary>
    public bool IsDirect { get; }

    /// <summary>Traces the client of a call; null when the call makes no model answer, or is none to look at: a part of a
    /// client, of a judge, of middleware or of an expression tree, or a call of a test's stand-in.</summary>
    public static ModelCall? Trace(IInvocationOperation call, CompilationScope scope, CodeContext context)
    {
        var symbols = scope.Symbols;
        var model = symbols.ModelOf(call.TargetMethod);
        var kernel = model is null ? PromptFunctions.KernelOf(call, symbols) : null;
        if ((model is null && kernel is null)
            || symbols.IsPartOfAClient(context.ContainingSymbol as INamedTypeSymbol ?? context.ContainingSymbol?.ContainingType)
            || IsInExpressionTree(call, symbols))
        {
            return null;
        }

        var client = kernel ?? ChatSymbols.Receiver(call);
        if (model is not null && symbols.IsDirectCall(call.TargetMethod, model))
        {
            return symbols.IsIgnored(client?.Type) || IsStandIn(client, TracedClient.UnguardedForGood, scope, context)
                ? null
                : new(call, client, TracedClient.UnguardedForGood, isDirect: true);
        }

        if (client is null)
        {
            return new(call, client, TracedClient.UnguardedForGood, isDirect: true);
        }

        var named = Operations.Unconverted(client);
        if (symbols.IsIgnored(named.Type) || (named is IParameterReferenceOperation { Parameter: var parameter } && IsMiddleware(parameter)))
        {
            return null;
        }

        var traced = scope.CreateTracer(context.CancellationToken).Trace(client);
        return IsStandIn(client, traced, scope, context) ? null : new(call, client, traced, isDirect: false);
    }

    /// <summary>Whether a client of a test is none that answers anybody: not in sight, or made of a stand-in.</summary>
    private static bool IsStandIn(IOperation? client, TracedClient traced, CompilationScope scope, CodeContext context) =>
        scope.Symbols.IsTest
        && client is not null
        && (traced.Origin == ClientOrigin.Unknown
            || (traced.Origin == ClientOrigin.Unguarded && !RealClient.IsMadeInSight(client, scope, context.CancellationToken)));

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

    /// <summary>Whether a function is given the client as the next one of a chain: it takes messages, and returns a response.</summary>
    private static bool IsMiddleware(IParameterSymbol client) =>
        client.ContainingSymbol is IMethodSymbol method
        && IsResponse(method.ReturnType)
        && method.Parameters.Any(p => p.Type is INamedTypeSymbol { TypeArguments.Length: 1 } messages && messages.TypeArguments[0].Name == "ChatMessage");

    private static bool IsResponse(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1 } wrapped
        && wrapped.TypeArguments[0].Name is ("ChatResponse" or "ChatResponseUpdate" or "AgentResponse" or "AgentResponseUpdate" or "AgentRunResponse" or "AgentRunResponseUpdate");
}
