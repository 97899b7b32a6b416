using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>What does a builder's chain put around the client?</content>
internal sealed partial class ClientTracer
{
    private readonly Dictionary<ISymbol, TracedClient> _innerClients = new(SymbolEqualityComparer.Default);

    /// <summary>Traces a call that returns a builder.</summary>
    private TracedClient TraceDecoration(IInvocationOperation call)
    {
        if (ChatSymbols.IsGuardCall(call.TargetMethod))
        {
            return TracedClient.Guarded;
        }

        var builder = ChatSymbols.Receiver(call);
        return _symbols.IsBuilder(builder?.Type) ? Decorate(Trace(builder), call) : TracedClient.Unknown;
    }

    /// <summary>What a chain becomes by one more call on its builder.</summary>
    private TracedClient Decorate(TracedClient chain, IInvocationOperation call)
    {
        if (ChatSymbols.IsGuardCall(call.TargetMethod))
        {
            return TracedClient.Guarded;
        }

        if (_symbols.IsUse(call.TargetMethod))
        {
            return DecorateByFunction(chain, call);
        }

        return _symbols.IsPlainDecorator(call.TargetMethod) ? chain : chain.OrGuardedByOther();
    }

    /// <summary>What a chain becomes by a function, which may itself put a guard around the client that it is given.</summary>
    private TracedClient DecorateByFunction(TracedClient chain, IInvocationOperation call)
    {
        var function = call.Arguments.Length == 0 ? null : call.Arguments[0].Value;
        if (chain.Origin != ClientOrigin.Unguarded || !_symbols.IsChatClient((function?.Type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType))
        {
            // A function that handles requests and responses is not our guard.
            return chain;
        }

        if (function is not IDelegateCreationOperation factory)
        {
            return TracedClient.Unknown;
        }

        if (factory.Target is IAnonymousFunctionOperation { Symbol.Parameters.Length: > 0 } lambda)
        {
            _innerClients[lambda.Symbol.Parameters[0]] = chain;
        }

        var decorated = TraceFactory(factory);
        return decorated.Origin == ClientOrigin.Unguarded ? chain : decorated;
    }

    /// <summary>Traces what a function returns.</summary>
    private TracedClient TraceFactory(IDelegateCreationOperation factory)
    {
        if (factory.Target is not IAnonymousFunctionOperation lambda)
        {
            return TracedClient.Unknown;
        }

        var returned = lambda.Body.Descendants()
            .OfType<IReturnOperation>()
            .Where(r => Definitions.FunctionOf(r) == lambda && r.ReturnedValue is not null)
            .Select(r => r.ReturnedValue!);
        return TraceAll(returned) is { Origin: not ClientOrigin.None } traced ? traced : TracedClient.Unknown;
    }

    private TracedClient TraceParameter(IParameterReferenceOperation parameter) =>
        _innerClients.TryGetValue(parameter.Parameter, out var inner) ? inner : TracedClient.Unknown;

    /// <summary>What the calls on a builder's variable make of its chain: a builder changes itself.</summary>
    /// <remarks>Without regard to order, and to branches: a guard that is put in somewhere counts.</remarks>
    private TracedClient AfterCallsOn(ILocalReferenceOperation builder, TracedClient chain)
    {
        foreach (var use in Definitions.RootOf(builder).Descendants().OfType<ILocalReferenceOperation>())
        {
            if (!SymbolEqualityComparer.Default.Equals(use.Local, builder.Local))
            {
                continue;
            }

            for (var call = CallOn(use); call is not null && _symbols.IsBuilder(call.TargetMethod.ReturnType); call = CallOn(call))
            {
                chain = Decorate(chain, call);
            }

            if (IsHandedOn(use))
            {
                chain = chain.OrGuardedByOther();
            }
        }

        return chain;
    }

    /// <summary>The call that is made on a value, by a dot or a conditional dot.</summary>
    private static IInvocationOperation? CallOn(IOperation value)
    {
        var parent = value.Parent;
        if (parent is IConditionalAccessOperation access)
        {
            return access.Operation == value
                ? access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().Select(CallOn).FirstOrDefault()
                : null;
        }

        if (parent is IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } extension })
        {
            return extension;
        }

        return parent is IInvocationOperation call && call.Instance == value ? call : null;
    }

    private static bool IsHandedOn(IOperation value) => value.Parent switch
    {
        IArgumentOperation => CallOn(value) is null,
        IAssignmentOperation assignment => assignment.Value == value,
        IVariableInitializerOperation or IReturnOperation => true,
        _ => false,
    };
}
