namespace Microscale.Guard;

/// <summary>Makes policies.</summary>
public static class AbstentionPolicy
{
    /// <summary>A policy that is a function.</summary>
    /// <param name="needs">The parts of the report that must cover a text before the function can decide on it.</param>
    /// <param name="decide">Decides. Must be safe for concurrent callers; when it throws, the answer is withheld.</param>
    public static IAbstentionPolicy FromDelegate(GuardParts needs, Func<PolicyContext, PolicyDecision> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return new DelegatePolicy(needs, decide);
    }

    private sealed class DelegatePolicy(GuardParts needs, Func<PolicyContext, PolicyDecision> decide) : IAbstentionPolicy
    {
        public GuardParts Needs => needs;

        public PolicyDecision Decide(PolicyContext context) => decide(context);
    }
}
