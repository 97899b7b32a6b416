using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>What does a builder's chain put around the client?</content>
internal sealed partial class ClientTracer
{
    /// <summary>Traces a call that returns a builder.</summary>
    private TracedClient TraceDecoration(IInvocationOperation call)
    {
        var builder = ChatSymbols.Receiver(call);
        return _symbols.IsBuilder(builder?.Type) ? Decorate(Trace(builder), call) : TraceMethod(call);
    }

    /// <summary>What a chain becomes by one more call on its builder.</summary>
    private TracedClient Decorate(TracedClient chain, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (_symbols.IsGuardCall(method))
        {
            return TracedClient.Guarded;
        }

        if (_symbols.IsUse(method))
        {
            return call.Arguments.Length == 0 ? chain : DecorateByFunction(chain, call.Arguments[0].Value);
        }

        if (ChatSymbols.IsJudgeCall(method))
        {
            return chain.Judged(verified: method.Name == "UseVerification");
        }

        return _symbols.IsPlainDecorator(method) ? chain
            : BodyOf(method) is not null ? DecorateByMethod(chain, call)
            : chain.OrGuardedByOther();
    }

    /// <summary>What a chain becomes by an extension method of the compilation.</summary>
    private TracedClient DecorateByMethod(TracedClient chain, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var summary = Summarize(method.OriginalDefinition, () => TraceReturns(method));
        return summary.WithArguments(p => p.Ordinal == 0 ? chain : ArgumentOf(call, p) is { } value ? Trace(value) : TracedClient.From(p));
    }

    /// <summary>What a chain becomes by a function, which may itself put a guard around the client that it is given.</summary>
    private TracedClient DecorateByFunction(TracedClient chain, IOperation? function)
    {
        function = function is null ? null : Operations.Unconverted(function);
        if (!_symbols.IsGuardable((function?.Type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType))
        {
            // A function that handles requests and responses is not our guard.
            return chain;
        }

        if (function is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol.Parameters.Length: > 0 } lambda })
        {
            _innerClients[lambda.Symbol.Parameters[0]] = chain;
            return KeepPlaces(chain, TraceFunction(function));
        }

        if (function is IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: var method } } && BodyOf(method) is not null)
        {
            return KeepPlaces(chain, Summarize(method.OriginalDefinition, () => TraceReturns(method)).WithArguments(p => p.Ordinal == 0 ? chain : TracedClient.From(p)));
        }

        return chain.OrGuardedByOther();
    }

    /// <summary>A guard belongs on the chain itself rather than into the function.</summary>
    private static TracedClient KeepPlaces(TracedClient chain, TracedClient decorated) =>
        decorated.Origin == ClientOrigin.Unguarded && chain.Origin == ClientOrigin.Unguarded ? chain : decorated;

    /// <summary>Traces what a function returns: a lambda, a method, or a variable that holds one.</summary>
    private TracedClient TraceFunction(IOperation? function)
    {
        switch (function)
        {
            case IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }:
                return TraceAll(ReturnsOf(lambda));
            case IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: var method } } when BodyOf(method) is not null:
                return Summarize(method.OriginalDefinition, () => TraceReturns(method));
            case IConversionOperation conversion:
                return TraceFunction(conversion.Operand);
            case ILocalReferenceOperation local:
                return Once(local.Syntax, () => Definitions.Reaching(local, local.Local) is { IsOrdered: true, All: { Count: > 0 } all }
                    ? all.Select(d => d is { Element: < 0, IsEach: false } ? TraceFunction(d.Value) : TracedClient.Unknown).Aggregate((one, other) => one.Or(other))
                    : TracedClient.Unknown);
            default:
                return TracedClient.Unknown;
        }
    }

    /// <summary>Traces a client, or what a function returns that makes one.</summary>
    public TracedClient TraceValueOrFactory(IOperation? value) =>
        value is not null && Operations.Unconverted(value) is IDelegateCreationOperation factory ? TraceFunction(factory)
        : value?.Type is { TypeKind: TypeKind.Delegate } ? TraceFunction(value)
        : Trace(value);

    /// <summary>Traces the chain that begins with a call: with the calls that follow it, also those on the variable that holds
    /// its builder. A builder that is handed on may get a guard elsewhere.</summary>
    public TracedClient TraceChainFrom(IInvocationOperation call)
    {
        var last = call;
        for (var next = call; next is not null && _symbols.IsBuilder(next.TargetMethod.ReturnType); next = Operations.CallOn(next))
        {
            last = next;
        }

        var traced = Trace(last);
        return last.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => AfterCallsOn(last, local, traced),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } => AfterCallsOn(last, local, traced),

            // Half-typed code may be about to add a guard.
            ISimpleAssignmentOperation or IReturnOperation or IArgumentOperation or IInvalidOperation => traced.OrGuardedByOther(),
            _ => traced,
        };
    }

    /// <summary>What the calls on a builder's variable make of its chain: a builder changes itself.</summary>
    /// <remarks>Without regard to order, and to branches: a guard that is put in somewhere counts.</remarks>
    private TracedClient AfterCallsOn(IOperation use, ISymbol variable, TracedClient chain)
    {
        if (!_symbols.IsBuilder(use.Type))
        {
            return _symbols.IsKernelBuilder(use.Type) ? AfterServicesOf(use, variable, chain) : chain;
        }

        foreach (var other in Definitions.RootOf(use).Descendants())
        {
            if (other is not (ILocalReferenceOperation or IParameterReferenceOperation) || !Definitions.IsReference(other, variable))
            {
                continue;
            }

            for (var call = Operations.CallOn(other); call is not null && _symbols.IsBuilder(call.TargetMethod.ReturnType); call = Operations.CallOn(call))
            {
                chain = Decorate(chain, call);
            }

            if (IsHandedOn(other))
            {
                chain = chain.OrGuardedByOther();
            }
        }

        return chain;
    }

    private static bool IsHandedOn(IOperation value) => value.Parent switch
    {
        IArgumentOperation => Operations.CallOn(value) is null,
        IAssignmentOperation assignment => assignment.Value == value,
        IVariableInitializerOperation => true,
        _ => false,
    };
}
