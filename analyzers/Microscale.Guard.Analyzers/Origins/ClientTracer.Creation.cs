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

        if (creation is { Type.Name: "ValueTask" or "Lazy", Arguments.Length: > 0 })
        {
            return TraceValueOrFactory(creation.Arguments[0].Value);
        }

        if (_symbols.IsIgnored(creation.Type))
        {
            return TracedClient.None;
        }

        if (_symbols.IsKernel(creation.Type) || !_symbols.IsGuardable(creation.Type))
        {
            return TracedClient.Unknown;
        }

        // A client that is given clients passes calls on to them; one that is given none talks to a model itself.
        var inner = creation.Arguments.Select(a => a.Value).Where(IsClientOrClients).Where(v => !IsNull(v)).ToList();
        var traced = inner.Count switch
        {
            0 when _symbols.IsDelegating(creation.Type) => TracedClient.Unknown,
            0 => TracedClient.Unguarded(creation.Syntax),
            1 => AtTheOuter(inner[0], creation),
            _ => TraceAll(inner) is { Origin: not ClientOrigin.Unguarded } guarded ? guarded : TracedClient.Unguarded(creation.Syntax),
        };
        return ChatSymbols.IsJudgeClient(creation.Type) ? traced.Judged(verified: creation.Type!.Name == "VerificationChatClient") : traced;
    }

    /// <summary>Traces the inner client. Its guard belongs where a named client is made, so that all its users have it,
    /// else around the decorators that follow.</summary>
    private TracedClient AtTheOuter(IOperation? inner, IOperation outer)
    {
        var traced = TraceValueOrFactory(inner);
        return traced.Origin == ClientOrigin.Unguarded && !IsNamedClient(inner) && _symbols.IsChatBuilderOrClient(outer.Type) ? TracedClient.Unguarded(outer.Syntax) : traced;
    }

    private bool IsNamedClient(IOperation? value)
    {
        value = value is null ? null : Operations.Unconverted(value);

        // A name of a narrower type could not hold the guarded client.
        return value is ILocalReferenceOperation or IFieldReferenceOperation && _symbols.IsChatClientInterface(value.Type);
    }

    /// <remarks>An argument's type is that of its parameter; a client hidden in another type (a factory, a list) makes the
    /// origin unknown when it is traced.</remarks>
    private bool IsClientOrClients(IOperation value) => value.Type switch
    {
        { TypeKind: TypeKind.Delegate } type => _symbols.IsGuardable((type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType),
        IArrayTypeSymbol array => _symbols.IsGuardable(array.ElementType),
        INamedTypeSymbol { IsGenericType: true } type => type.TypeArguments.Any(_symbols.IsGuardable) || _symbols.IsGuardable(type),
        var type => _symbols.IsGuardable(type),
    };
}
