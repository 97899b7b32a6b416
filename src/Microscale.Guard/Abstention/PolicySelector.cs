namespace Microscale.Guard;

/// <summary>Decides by a policy that is chosen for each request: by tenant, by topic.</summary>
/// <remarks>Immutable. The choice is made once a request, before the model is asked.</remarks>
public sealed class PolicySelector : IAbstentionPolicy
{
    private readonly Func<PolicyRequest, string?> _select;
    private readonly Dictionary<string, IAbstentionPolicy> _policies;

    /// <summary>Creates the policy.</summary>
    /// <param name="select">The key of the policy for a request. Must be safe for concurrent callers; when it throws, the
    /// answer is withheld.</param>
    /// <param name="policies">The policies by key; keys are compared by ordinal.</param>
    /// <param name="otherwise">The policy for a request without a key, or with one that is unknown.</param>
    public PolicySelector(
        Func<PolicyRequest, string?> select, IReadOnlyDictionary<string, IAbstentionPolicy> policies, IAbstentionPolicy otherwise)
    {
        ArgumentNullException.ThrowIfNull(select);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(otherwise);
        if (policies.Values.Any(p => p is null))
        {
            throw new ArgumentException("A policy is null: leave its key out, so that requests with it go to the other policy.", nameof(policies));
        }

        (_select, _policies, Otherwise) = (select, new(policies, StringComparer.Ordinal), otherwise);
        Needs = _policies.Values.Aggregate(otherwise.Needs, (needs, policy) => needs | policy.Needs);
    }

    /// <summary>The policies by key.</summary>
    public IReadOnlyDictionary<string, IAbstentionPolicy> Policies => _policies;

    /// <summary>The policy for a request without a key, or with one that is unknown.</summary>
    public IAbstentionPolicy Otherwise { get; }

    /// <summary>What the policies need together; the guard asks for a request only what the chosen one needs.</summary>
    public GuardParts Needs { get; }

    /// <summary>The policy for a request.</summary>
    /// <param name="request">What was asked.</param>
    public IAbstentionPolicy Select(PolicyRequest request) => Choose(request).Policy;

    /// <summary>The policy for a request, with its key; null for the other policy.</summary>
    internal (string? Key, IAbstentionPolicy Policy) Choose(PolicyRequest request) =>
        _select(request) is { } key && _policies.TryGetValue(key, out var policy) ? (key, policy) : (null, Otherwise);

    /// <inheritdoc/>
    public PolicyDecision Decide(PolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Select(context.Request).Decide(context);
    }
}
