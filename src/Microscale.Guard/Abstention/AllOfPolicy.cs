namespace Microscale.Guard;

/// <summary>Delivers an answer only when each of several policies does; the first that withholds gives the reason.</summary>
/// <remarks>Immutable.</remarks>
public sealed class AllOfPolicy : IAbstentionPolicy
{
    private readonly IAbstentionPolicy[] _policies;

    /// <summary>Creates the policy.</summary>
    /// <param name="policies">The policies, in the order in which they are asked.</param>
    /// <exception cref="ArgumentException">There is none: it would deliver everything.</exception>
    public AllOfPolicy(params IReadOnlyCollection<IAbstentionPolicy> policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        if (policies.Count == 0 || policies.Any(p => p is null))
        {
            throw new ArgumentException("At least one policy is needed, and none may be null.", nameof(policies));
        }

        _policies = [.. policies];
        IsFlat = !_policies.Any(p => p is AllOfPolicy or PolicySelector);
        Needs = _policies.Aggregate(GuardParts.None, (needs, policy) => needs | policy.Needs);
    }

    /// <summary>The policies, in the order in which they are asked.</summary>
    public IReadOnlyList<IAbstentionPolicy> Policies => _policies;

    /// <summary>Whether no policy among them stands for others, so that the policies are what is asked in the end.</summary>
    internal bool IsFlat { get; }

    /// <inheritdoc/>
    public GuardParts Needs { get; }

    /// <inheritdoc/>
    public PolicyDecision Decide(PolicyContext context)
    {
        foreach (var policy in _policies)
        {
            if (policy.Decide(context) is { IsWithheld: true } decision)
            {
                return decision;
            }
        }

        return PolicyDecision.Deliver;
    }
}
