using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>The policy of one request: chosen once, asked part by part, and unable to let anything through by failing.</summary>
internal sealed partial class RequestPolicy
{
    private readonly PolicyRequest _request;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<IAbstentionPolicy> _parts;
    private readonly GuardParts _needs;
    private string? _name;

    public RequestPolicy(IAbstentionPolicy policy, PolicyRequest request, ILogger logger)
    {
        (_request, _logger) = (request, logger);
        try
        {
            _parts = PartsOf(policy);
        }
        catch (Exception exception)
        {
            LogPolicyFailed(exception.GetType().FullName);
            _parts = [AbstentionPolicy.FromDelegate(GuardParts.None, _ => new(GuardReason.PolicyFailed, exception.Message))];
        }

        for (var i = 0; i < _parts.Count; i++)
        {
            _needs |= _parts[i].Needs;
        }
    }

    /// <summary>The name of the policy in telemetry: the key of a <see cref="PolicySelector"/>, or else what its parts are, such as
    /// <c>verdict+confidence_threshold</c>.</summary>
    public string Name => _name ??= string.Join('+', _parts.Select(p => NameOf(p.GetType())));

    /// <summary>Whether nothing may be released before the whole answer was decided on.</summary>
    public bool WaitsForEnd => _needs.HasFlag(GuardParts.WholeAnswer);

    /// <summary>How much of the text the needed parts of a report cover.</summary>
    public int Covered(GuardReport report) => Covered(_needs, report);

    /// <summary>How much of the text any part of a report covers that is needed: where it grows, there is something to
    /// decide.</summary>
    public int Known(GuardReport report) =>
        (_needs.HasFlag(GuardParts.Verdicts) ? report.VerifiedLength : 0) + (_needs.HasFlag(GuardParts.Confidence) ? report.ScoredLength : 0);

    /// <summary>The decision on a text; withheld where its form is broken, where a whole answer is not covered to its end, or where the policy fails. A
    /// part of the policy that nothing covers yet is not asked about a beginning.</summary>
    public PolicyDecision Decide(GuardReport report, int length, string? modelId, bool isComplete)
    {
        if (report.Form is { Error: { } error })
        {
            return new(GuardReason.Malformed, error);
        }

        try
        {
            var context = new PolicyContext(_request, report) { ModelId = modelId, IsComplete = isComplete };
            for (var i = 0; i < _parts.Count; i++)
            {
                var part = _parts[i];
                if ((isComplete || Covered(part.Needs, report) > 0) && part.Decide(context) is { IsWithheld: true } decision)
                {
                    return decision;
                }
            }
        }
        catch (Exception exception)
        {
            LogPolicyFailed(exception.GetType().FullName);
            return new(GuardReason.PolicyFailed, exception.Message);
        }

        return !isComplete || Covered(report) >= length ? PolicyDecision.Deliver
            : _needs.HasFlag(GuardParts.Verdicts) && report.VerifiedLength < length
                ? new(GuardReason.VerifierFailed, "The answer was not verified to its end.")
                : new(GuardReason.ScorerFailed, "The answer was not scored to its end.");
    }

    /// <summary>The lowest value of a score that the policy delivers; null where it has no threshold on that scale.</summary>
    public double? Threshold(ConfidenceScore? score) => _parts.Max(p => p switch
    {
        ConfidenceThresholdPolicy policy => policy.Minimum,
        CostPolicy policy when score is { IsCalibrated: true } => policy.MinimumProbability,
        RiskControlledPolicy policy when score is { RawValue: null } => policy.Guarantee.Threshold,
        _ => null,
    });

    private static int Covered(GuardParts needs, GuardReport report) => Math.Min(
        needs.HasFlag(GuardParts.Verdicts) ? report.VerifiedLength : int.MaxValue,
        needs.HasFlag(GuardParts.Confidence) ? report.ScoredLength : int.MaxValue);

    private IReadOnlyList<IAbstentionPolicy> PartsOf(IAbstentionPolicy policy)
    {
        switch (policy)
        {
            case AllOfPolicy all:
                return all.IsFlat ? all.Policies : [.. all.Policies.SelectMany(PartsOf)];
            case PolicySelector selector:
                var (key, chosen) = selector.Choose(_request);
                _name ??= key;
                return PartsOf(chosen);
            default:
                return [policy];
        }
    }

    private static string NameOf(Type policy) => JsonNamingPolicy.SnakeCaseLower.ConvertName(
        policy.Name.EndsWith("Policy", StringComparison.Ordinal) && policy.Name.Length > 6 ? policy.Name[..^6] : policy.Name);

    [LoggerMessage(LogLevel.Error, "The abstention policy failed with {ErrorType}; the answer is withheld.")]
    private partial void LogPolicyFailed(string? errorType);
}
