namespace Microscale.Guard;

/// <summary>Delivers an answer only when every claim in it is supported.</summary>
/// <remarks>Immutable. An answer without any claim (a greeting, "I don't know") is delivered.</remarks>
public sealed class VerdictPolicy : IAbstentionPolicy
{
    /// <summary>What happens with a claim that a verifier failed on and none contradicts.</summary>
    /// <value>The default value is <see cref="FaultAction.Abstain"/>.</value>
    public FaultAction WhenVerifierFails { get; init; }

    /// <inheritdoc/>
    public GuardParts Needs => GuardParts.Verdicts;

    /// <inheritdoc/>
    public PolicyDecision Decide(PolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var report = context.Report;
        if (report.Verdicts is not { } verdicts)
        {
            return new(GuardReason.VerifierFailed, "The answer was not verified.");
        }

        if (verdicts.FirstOrDefault(v => v.Verdict == Verdict.Contradicted) is { } contradicted)
        {
            return new(GuardReason.Contradicted, contradicted.Decisive?.Explanation ?? "The evidence says otherwise.");
        }

        if (WhenVerifierFails == FaultAction.Abstain && verdicts.Any(v => v.VerifierFailed))
        {
            return new(GuardReason.VerifierFailed, report.Faults.LastOrDefault(f => f.Stage == GuardStage.Verification)?.Message);
        }

        var unverifiable = verdicts.FirstOrDefault(v => v.Verdict == Verdict.Unverifiable && !v.VerifierFailed);
        return unverifiable is null
            ? PolicyDecision.Deliver
            : report.Evidence.Count == 0
                ? new(GuardReason.NoEvidence, "There is no evidence to check the answer against.")
                : new(GuardReason.Unverifiable, unverifiable.Decisive?.Explanation ?? "The evidence does not say so.");
    }
}
