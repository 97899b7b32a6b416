using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>What does a call hand out?</content>
internal sealed partial class ClientTracer
{
    private TracedClient TraceCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (_symbols.IsGuardCall(method) || _symbols.IsPromised(method))
        {
            return TracedClient.Guarded;
        }

        if (_symbols.IsBuild(method))
        {
            return Trace(call.Instance);
        }

        if (_symbols.IsAsBuilder(method))
        {
            return AtTheOuter(ChatSymbols.Receiver(call), call);
        }

        if (_symbols.IsRegistration(method))
        {
            return TraceRegistration(call);
        }

        if (_symbols.IsBuilder(method.ReturnType))
        {
            return TraceDecoration(call);
        }

        if (_symbols.IsKernel(method.ReturnType) || _symbols.IsKernel(method.ContainingType) || _symbols.IsKernelBuilder(method.ReturnType))
        {
            return TraceKernelCall(call);
        }

        if (_symbols.IsAdapter(method) && TraceAdapter(call) is { } adapted)
        {
            return adapted;
        }

        if (_symbols.IsProvider(method))
        {
            return TracedClient.Unguarded(call.Syntax);
        }

        return ChatSymbols.IsMock(method) ? TracedClient.None
            : method.MethodKind == MethodKind.DelegateInvoke ? TraceFunction(call.Instance)
            : IsOfTask(method) ? Trace(call.Instance ?? call.Arguments.FirstOrDefault()?.Value)
            : IsOfCollection(method) ? TraceElements(ChatSymbols.Receiver(call))
            : TraceMethod(call);
    }

    /// <summary>Traces a service's registration: the client that it is given, or whose factory it is given.</summary>
    private TracedClient TraceRegistration(IInvocationOperation registration)
    {
        foreach (var argument in registration.Arguments)
        {
            if (IsClientOrClients(argument.Value))
            {
                var traced = TraceValueOrFactory(argument.Value);
                return traced.Origin == ClientOrigin.Unguarded ? TracedClient.Unguarded(registration.Syntax) : traced;
            }
        }

        // A provider's registration makes the client itself.
        return TracedClient.Unguarded(registration.Syntax);
    }

    /// <summary>Traces an agent or chat service to the client that it is made of; null for a provider's chat client.</summary>
    private TracedClient? TraceAdapter(IInvocationOperation adapter)
    {
        var given = adapter.Arguments.Select(a => a.Value).Prepend(adapter.Instance)
            .FirstOrDefault(v => v is not null && (_symbols.IsGuardable(v.Type) || _symbols.IsDirect(Operations.Unconverted(v).Type) || _symbols.IsBuilder(v.Type)));
        if (_symbols.IsProvider(adapter.TargetMethod) && !_symbols.IsGuardable(given?.Type))
        {
            return null;
        }

        var traced = given is null ? IsComposition(ChatSymbols.Receiver(adapter)?.Type) ? TracedClient.Unknown : TracedClient.UnguardedForGood
            : _symbols.IsDirect(given.Type) && !_symbols.IsGuardable(given.Type) ? TracedClient.Unguarded(given.Syntax)
            : AtTheOuter(given, given);
        var factory = adapter.Arguments.FirstOrDefault(a => a.Parameter?.Name == "clientFactory")?.Value;
        return factory is null || IsNull(factory) ? traced : DecorateByFunction(traced, factory);
    }

    /// <summary>Whether agents are made of a type that is itself made of agents: what stands behind those is out of sight.</summary>
    private static bool IsComposition(ITypeSymbol? type) => type?.Name is "Workflow" or "WorkflowBuilder";

    /// <summary>Traces a call into a method of the compilation; what is passed in place of its parameters counts.</summary>
    private TracedClient TraceMethod(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (BodyOf(method) is null)
        {
            return TracedClient.OutOfSight(call.Syntax);
        }

        var summary = Summarize(method.OriginalDefinition, () => TraceReturns(method));
        return summary.WithArguments(p => ArgumentOf(call, p) is { } value ? Trace(value) : TracedClient.From(p));
    }

    private TracedClient TraceReturns(IMethodSymbol method) =>
        BodyOf(method) is { } body ? TraceAll(ReturnsOf(body)) : TracedClient.Unknown;

    /// <summary>The body of a method that calls of it surely run; null when it is elsewhere, or may be overridden.</summary>
    private IOperation? BodyOf(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        if (method.IsAbstract || (method.IsVirtual && !method.ContainingType.IsSealed) || (method.IsOverride && !method.IsSealed && !method.ContainingType.IsSealed))
        {
            return null;
        }

        return method.DeclaringSyntaxReferences.Length == 1
            ? _scope.OperationAt(method.DeclaringSyntaxReferences[0].GetSyntax(_cancellationToken), _cancellationToken)
            : null;
    }

    /// <summary>What a body returns: the member's, or a lambda's or local function's own.</summary>
    public static IEnumerable<IOperation> ReturnsOf(IOperation body)
    {
        var function = body is IAnonymousFunctionOperation or ILocalFunctionOperation ? body : null;
        foreach (var operation in body.Descendants())
        {
            if (operation is IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } value } && Definitions.FunctionOf(operation) == function)
            {
                yield return value;
            }
        }
    }

    private static IOperation? ArgumentOf(IInvocationOperation call, IParameterSymbol parameter)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } passed && SymbolEqualityComparer.Default.Equals(passed.OriginalDefinition, parameter))
            {
                return argument.Value;
            }
        }

        return null;
    }

    private static bool IsOfTask(IMethodSymbol method) =>
        method is { ContainingType.Name: "Task" or "ValueTask", Name: "FromResult" or "ConfigureAwait" or "AsTask" or "WaitAsync" };

    private static bool IsOfCollection(IMethodSymbol method) => method is
    {
        ContainingType.Name: "Enumerable",
        Name: "First" or "FirstOrDefault" or "Single" or "SingleOrDefault" or "Last" or "LastOrDefault" or "ElementAt" or "ToList" or "ToArray" or "Where" or "OrderBy" or "Reverse",
    };
}
