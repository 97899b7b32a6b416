using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>Is it made here, and of what?</content>
internal sealed partial class ClientTracer
{
    private TracedClient TraceCreation(IObjectCreationOperation creation)
    {
        if (_symbols.IsBuilder(creation.Type))
        {
            return creation.Arguments.Length == 1 ? AtTheOuter(creation.Arguments[0].Value, creation) : TracedClient.Unknown;
        }

        if (ChatSymbols.IsGuardClient(creation.Type))
        {
            return TracedClient.Guarded;
        }

        if (creation.Type is { Name: "ValueTask" } && creation.Arguments.Length == 1)
        {
            return Trace(creation.Arguments[0].Value);
        }

        if (!_symbols.IsChatClient(creation.Type))
        {
            return TracedClient.Unknown;
        }

        // A client that is given clients passes calls on to them; one that is given none talks to a model itself.
        var inner = creation.Arguments.Select(a => a.Value).Where(IsClientOrClients).Where(v => !IsNull(v)).ToList();
        return inner.Count switch
        {
            0 when _symbols.IsDelegatingClient(creation.Type) => TracedClient.Unknown,
            0 => TracedClient.Unguarded(creation.Syntax),
            1 => AtTheOuter(inner[0], creation),
            _ => TraceAll(inner) is { Origin: not ClientOrigin.Unguarded } traced ? traced : TracedClient.Unguarded(creation.Syntax),
        };
    }

    /// <summary>Traces the inner client. Its guard belongs where a named client is made, so that all its users have it,
    /// else around the decorators that follow.</summary>
    private TracedClient AtTheOuter(IOperation? inner, IOperation outer)
    {
        var traced = inner is IDelegateCreationOperation factory ? TraceFactory(factory) : Trace(inner);
        return traced.Origin == ClientOrigin.Unguarded && !IsNamedClient(inner) ? TracedClient.Unguarded(outer.Syntax) : traced;
    }

    private bool IsNamedClient(IOperation? value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        // A name of a narrower type could not hold the guarded client.
        return value is ILocalReferenceOperation or IFieldReferenceOperation && _symbols.IsChatClientInterface(value.Type);
    }

    /// <remarks>An argument's type is that of its parameter; a client hidden in another type (a factory, a list) makes the
    /// origin unknown when it is traced.</remarks>
    private bool IsClientOrClients(IOperation value) => value.Type switch
    {
        { TypeKind: TypeKind.Delegate } type => _symbols.IsChatClient((type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType),
        IArrayTypeSymbol array => _symbols.IsChatClient(array.ElementType),
        INamedTypeSymbol { IsGenericType: true } type => type.TypeArguments.Any(_symbols.IsChatClient) || _symbols.IsChatClient(type),
        var type => _symbols.IsChatClient(type),
    };
}
