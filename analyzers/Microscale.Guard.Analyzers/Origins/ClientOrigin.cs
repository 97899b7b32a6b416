namespace Microscale.Guard.Analyzers;

/// <summary>What is known of where a chat client comes from, the more worrying the greater.</summary>
internal enum ClientOrigin
{
    /// <summary>There is no model: <see langword="null"/>, a throw, a stand-in of a test, or the way round a loop back to where
    /// the trace began.</summary>
    None,

    /// <summary>All origins are seen, and each has a guard.</summary>
    Guarded,

    /// <summary>A part of the guard judges the answers, and none decides on them: the caller has to.</summary>
    Judged,

    /// <summary>An origin is out of sight, and none in sight is unguarded.</summary>
    Unknown,

    /// <summary>An origin is in sight and has no guard.</summary>
    Unguarded,
}
