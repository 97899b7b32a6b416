using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers;

/// <summary>The origin of a client, and the places where a guard or a promise belongs.</summary>
internal readonly struct TracedClient
{
    private readonly ClientOrigin _seen;

    private TracedClient(
        ClientOrigin seen, ImmutableArray<SyntaxNode> places, ImmutableArray<SyntaxNode> unseen, ImmutableArray<IParameterSymbol> parameters, bool isVerified)
    {
        _seen = seen;
        Places = places;
        Unseen = unseen;
        Parameters = parameters;
        IsVerified = isVerified;
    }

    private static ImmutableArray<SyntaxNode> NoCode => ImmutableArray<SyntaxNode>.Empty;

    private static ImmutableArray<IParameterSymbol> NoParameters => ImmutableArray<IParameterSymbol>.Empty;

    public static TracedClient None { get; } = Of(ClientOrigin.None);

    public static TracedClient Guarded { get; } = Of(ClientOrigin.Guarded);

    public static TracedClient Unknown { get; } = Of(ClientOrigin.Unknown);

    /// <summary>The origin; a parameter counts as out of sight.</summary>
    public ClientOrigin Origin => !Parameters.IsEmpty && _seen < ClientOrigin.Unknown ? ClientOrigin.Unknown : _seen;

    /// <summary>For unguarded clients: the expressions that make a client or a builder, around which a guard belongs.</summary>
    public ImmutableArray<SyntaxNode> Places { get; }

    /// <summary>For unknown clients: the expressions that hand out a client from out of sight.</summary>
    public ImmutableArray<SyntaxNode> Unseen { get; }

    /// <summary>The parameters that the client may come from, without a guard on the way.</summary>
    public ImmutableArray<IParameterSymbol> Parameters { get; }

    /// <summary>For judged clients: whether claims are verified; else answers are scored only.</summary>
    public bool IsVerified { get; }

    public static TracedClient Unguarded(SyntaxNode place) => new(ClientOrigin.Unguarded, ImmutableArray.Create(place), NoCode, NoParameters, false);

    /// <summary>A client that no guard can be put around where it is.</summary>
    public static TracedClient UnguardedForGood { get; } = Of(ClientOrigin.Unguarded);

    public static TracedClient OutOfSight(SyntaxNode place) => new(ClientOrigin.Unknown, NoCode, ImmutableArray.Create(place), NoParameters, false);

    public static TracedClient From(IParameterSymbol parameter) => new(ClientOrigin.None, NoCode, NoCode, ImmutableArray.Create(parameter), false);

    /// <summary>A client that is one or the other, by a branch: the more worrying origin counts.</summary>
    public TracedClient Or(TracedClient other) => new(
        _seen > other._seen ? _seen : other._seen,
        Union(Places, other.Places),
        Union(Unseen, other.Unseen),
        Parameters.IsEmpty ? other.Parameters : other.Parameters.IsEmpty ? Parameters : Parameters.Union(other.Parameters, SymbolEqualityComparer.Default).Cast<IParameterSymbol>().ToImmutableArray(),
        IsVerified || other.IsVerified);

    /// <summary>The same client seen through something that may hold a guard, or may not.</summary>
    public TracedClient OrGuardedByOther() => Origin <= ClientOrigin.Guarded ? this : Unknown;

    /// <summary>The same client with a judge around it.</summary>
    public TracedClient Judged(bool verified) => Origin == ClientOrigin.Unguarded || (Origin == ClientOrigin.Judged && !IsVerified)
        ? new(ClientOrigin.Judged, NoCode, NoCode, NoParameters, verified)
        : this;

    /// <summary>What a method returns, with its parameters replaced by what a caller passes.</summary>
    public TracedClient WithArguments(Func<IParameterSymbol, TracedClient> argument)
    {
        var traced = new TracedClient(_seen, Places, Unseen, NoParameters, IsVerified);
        foreach (var parameter in Parameters)
        {
            traced = traced.Or(argument(parameter));
        }

        return traced;
    }

    private static TracedClient Of(ClientOrigin origin) => new(origin, NoCode, NoCode, NoParameters, false);

    private static ImmutableArray<SyntaxNode> Union(ImmutableArray<SyntaxNode> one, ImmutableArray<SyntaxNode> other) =>
        one.IsEmpty ? other : other.IsEmpty ? one : one.Union(other).ToImmutableArray();
}
