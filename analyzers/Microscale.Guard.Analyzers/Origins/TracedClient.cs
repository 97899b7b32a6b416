using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers;

/// <summary>The origin of a client, and the places where a guard belongs.</summary>
/// <remarks>Places are there for unguarded clients only: expressions that make a client or a builder.</remarks>
internal readonly struct TracedClient
{
    private TracedClient(ClientOrigin origin, ImmutableArray<SyntaxNode> places)
    {
        Origin = origin;
        Places = places;
    }

    public static TracedClient None { get; } = new(ClientOrigin.None, ImmutableArray<SyntaxNode>.Empty);

    public static TracedClient Guarded { get; } = new(ClientOrigin.Guarded, ImmutableArray<SyntaxNode>.Empty);

    public static TracedClient Unknown { get; } = new(ClientOrigin.Unknown, ImmutableArray<SyntaxNode>.Empty);

    public ClientOrigin Origin { get; }

    public ImmutableArray<SyntaxNode> Places { get; }

    public static TracedClient Unguarded(SyntaxNode place) => new(ClientOrigin.Unguarded, ImmutableArray.Create(place));

    /// <summary>A client that is one or the other, by a branch: the more worrying origin counts.</summary>
    public TracedClient Or(TracedClient other) => new(
        Origin > other.Origin ? Origin : other.Origin,
        Places.IsEmpty ? other.Places : other.Places.IsEmpty ? Places : Places.Union(other.Places).ToImmutableArray());

    /// <summary>The same client seen through something that may hold a guard, or may not.</summary>
    public TracedClient OrGuardedByOther() => Origin == ClientOrigin.Guarded ? this : Unknown;
}
