using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Says what a hallucination guard is made of.</summary>
/// <remarks>Not safe for concurrent use; the guard that it builds is.</remarks>
public sealed class HallucinationGuardBuilder
{
    private readonly List<IClaimVerifier> _verifiers = [];
    private readonly GroundingOptions _grounding = new();
    private readonly ConfidenceOptions _confidence = new();
    private readonly VerificationOptions _verification = new();
    private readonly AbstentionOptions _abstention = new();
    private IEvidenceSource? _source;
    private IConfidenceScorer? _scorer;
    private double? _minimumConfidence;

    /// <summary>Answers rest on what this source finds.</summary>
    /// <param name="source">The source. It is not disposed with the guard.</param>
    /// <exception cref="InvalidOperationException">A source is set already.</exception>
    public HallucinationGuardBuilder GroundWith(IEvidenceSource source)
    {
        _source = Once(_source, source, nameof(GroundWith));
        return this;
    }

    /// <summary>Answers are scored by this scorer. The score is reported; <see cref="AbstainBelow"/> makes it decide.</summary>
    /// <param name="scorer">The scorer, such as one of <see cref="Confidence"/>. It is not disposed with the guard.</param>
    /// <exception cref="InvalidOperationException">A scorer is set already.</exception>
    public HallucinationGuardBuilder ScoreWith(IConfidenceScorer scorer)
    {
        _scorer = Once(_scorer, scorer, nameof(ScoreWith));
        return this;
    }

    /// <summary>The claims of an answer are judged by these verifiers, and only an answer whose every claim is supported is
    /// delivered. May be called several times.</summary>
    /// <param name="verifiers">The verifiers; cheap ones run first. They are not disposed with the guard.</param>
    public HallucinationGuardBuilder VerifyWith(params IReadOnlyList<IClaimVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(verifiers);
        foreach (var verifier in verifiers)
        {
            ArgumentNullException.ThrowIfNull(verifier, nameof(verifiers));
            _verifiers.Add(verifier);
        }

        return this;
    }

    /// <summary>A withheld answer is asked for again, with its failed claims named.</summary>
    /// <param name="attempts">How often; 0 to 10. The default value is 0.</param>
    public HallucinationGuardBuilder RepairUpTo(int attempts)
    {
        _abstention.MaxRepairs = attempts;
        return this;
    }

    /// <summary>When no draft passes, another client is asked; its answer is scored and verified in the same way.</summary>
    /// <param name="client">The other client. It is not disposed with the guard.</param>
    public HallucinationGuardBuilder EscalateTo(IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _abstention.Escalation = client;
        return this;
    }

    /// <summary>An answer is withheld when its confidence is below a threshold.</summary>
    /// <param name="confidence">The lowest confidence that is delivered, from 0 to 1. It is compared with the scorer's raw
    /// value unless that is calibrated: it is no error rate, and fits one scorer and model only.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is not between 0 and 1.</exception>
    public HallucinationGuardBuilder AbstainBelow(double confidence)
    {
        _minimumConfidence = new ConfidenceThresholdPolicy(confidence).Minimum;
        return this;
    }

    /// <summary>A policy of your own decides, in place of the verdicts and the threshold.</summary>
    /// <param name="policy">The policy.</param>
    public HallucinationGuardBuilder AbstainBy(IAbstentionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _abstention.Policy = policy;
        return this;
    }

    /// <summary>Sets further options of grounding.</summary>
    public HallucinationGuardBuilder ConfigureGrounding(Action<GroundingOptions> configure) => Configure(_grounding, configure);

    /// <summary>Sets further options of scoring.</summary>
    public HallucinationGuardBuilder ConfigureConfidence(Action<ConfidenceOptions> configure) => Configure(_confidence, configure);

    /// <summary>Sets further options of verification.</summary>
    public HallucinationGuardBuilder ConfigureVerification(Action<VerificationOptions> configure) => Configure(_verification, configure);

    /// <summary>Sets further options of abstention.</summary>
    public HallucinationGuardBuilder ConfigureAbstention(Action<AbstentionOptions> configure) => Configure(_abstention, configure);

    /// <summary>Checks that the parts make sense together, and settles the policy.</summary>
    internal void Validate()
    {
        if (_minimumConfidence is not null && _scorer is null)
        {
            throw new InvalidOperationException(
                $"{nameof(AbstainBelow)} needs a confidence: add {nameof(ScoreWith)}(…), or remove {nameof(AbstainBelow)}.");
        }

        if (_minimumConfidence is not null && _abstention.Policy is not null)
        {
            throw new InvalidOperationException(
                $"{nameof(AbstainBelow)} and a policy of your own contradict each other: keep one, or put both into an {nameof(AllOfPolicy)}.");
        }

        _abstention.Policy ??= DefaultPolicy();
        if (_abstention.Policy.Needs.HasFlag(GuardParts.Verdicts) && _verifiers.Count == 0)
        {
            throw new InvalidOperationException($"The policy needs verdicts: add {nameof(VerifyWith)}(…).");
        }

        if (_abstention.Policy.Needs.HasFlag(GuardParts.Confidence) && _scorer is null)
        {
            throw new InvalidOperationException($"The policy needs a confidence: add {nameof(ScoreWith)}(…).");
        }

        _abstention.Validate();
    }

    /// <summary>Puts the parts around a client: grounding outermost, then abstention, verification and confidence.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Each client owns the one inside of it, and the caller the outermost.")]
    internal IChatClient Build(IChatClient inner, IServiceProvider services)
    {
        var loggers = (ILoggerFactory?)services.GetService(typeof(ILoggerFactory));
        var abstention = _abstention.With(_abstention.Escalation is { } escalation ? Judge(escalation, loggers) : null);
        IChatClient client = new AbstentionChatClient(Judge(inner, loggers), abstention, loggers);
        return _source is null ? client : new GroundingChatClient(client, _source, _grounding, loggers);
    }

    private IChatClient Judge(IChatClient client, ILoggerFactory? loggers)
    {
        if (_scorer is not null)
        {
            client = new ConfidenceChatClient(client, _scorer, _confidence, loggers);
        }

        return _verifiers.Count == 0 ? client : new VerificationChatClient(client, _verifiers, _verification, loggers);
    }

    private IAbstentionPolicy DefaultPolicy()
    {
        List<IAbstentionPolicy> policies = [];
        if (_verifiers.Count > 0)
        {
            policies.Add(new VerdictPolicy());
        }

        if (_minimumConfidence is { } minimum)
        {
            policies.Add(new ConfidenceThresholdPolicy(minimum));
        }

        return policies switch
        {
            [] => throw new InvalidOperationException(
                $"The guard has nothing to decide by: add {nameof(VerifyWith)}(…), or {nameof(ScoreWith)}(…) with {nameof(AbstainBelow)}(…)."),
            [var policy] => policy,
            _ => new AllOfPolicy(policies),
        };
    }

    private HallucinationGuardBuilder Configure<T>(T options, Action<T> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(options);
        return this;
    }

    private static T Once<T>(T? current, T value, string method)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return current is null
            ? value
            : throw new InvalidOperationException($"{method} was called twice: combine the two into one first.");
    }
}
