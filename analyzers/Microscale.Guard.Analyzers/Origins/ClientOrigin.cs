namespace Microscale.Guard.Analyzers;

/// <summary>What is known of where a chat client comes from.</summary>
internal enum ClientOrigin
{
    /// <summary>There is no client: <see langword="null"/>, a throw, or the way round a loop back to where the trace began.</summary>
    None,

    /// <summary>All origins are seen, and each has a guard.</summary>
    Guarded,

    /// <summary>An origin is out of sight, and none in sight is unguarded.</summary>
    Unknown,

    /// <summary>An origin is in sight and has no guard.</summary>
    Unguarded,
}
