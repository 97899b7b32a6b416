namespace Microscale.Guard;

/// <summary>Sees what became of every guarded request, such as for a dashboard or an audit.</summary>
/// <remarks>
/// <para>Observers are registered as services of the application, or listed in <see cref="AbstentionOptions.Observers"/>. The
/// box that decides (<see cref="AbstentionChatClient"/>) tells them, once a request, before the caller has the last of the
/// answer. Where there is none, nothing is computed.</para>
/// <para>Implementations must be safe for concurrent callers and return at once: the request waits for them. What they throw
/// is logged and goes no further.</para>
/// </remarks>
public interface IGuardObserver
{
    /// <summary>Whether the question and the texts of the answer are wanted too
    /// (<see cref="GuardObservation.Question"/>, <see cref="GuardObservation.Answer"/>, <see cref="GuardObservation.Draft"/>).</summary>
    bool WantsContent { get; }

    /// <summary>Takes what became of a request.</summary>
    /// <param name="observation">What was decided, and why.</param>
    void OnDecided(GuardObservation observation);
}
