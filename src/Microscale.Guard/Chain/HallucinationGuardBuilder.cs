using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
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
    private (string Method, IAbstentionPolicy Policy)? _byScore;
    private CalibrationArtefact? _calibration;
    private readonly Lock _building = new();
    private bool _isSettled;

    /// <summary>Answers rest on what this source finds.</summary>
    /// <param name="source">The source. It is not disposed with the guard.</param>
    /// <exception cref="InvalidOperationException">A source is set already.</exception>
    public HallucinationGuardBuilder GroundWith(IEvidenceSource source)
    {
        _source = Once(_source, source, nameof(GroundWith));
        return this;
    }

    /// <summary>Answers are scored by this scorer. The score is reported; <see cref="AbstainBelow"/>, <see cref="AbstainToMeet"/> or <see cref="AbstainByCost"/>
    /// makes it decide.</summary>
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

    /// <summary>Verdicts are shared between requests, and between processes where the cache has a second level.</summary>
    /// <param name="cache">The cache, as <c>services.AddHybridCache()</c> makes it. It is not disposed with the guard.</param>
    /// <remarks>See <see cref="VerificationOptions.VerdictCache"/>.</remarks>
    public HallucinationGuardBuilder ShareVerdicts(HybridCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        _verification.VerdictCache = cache;
        return this;
    }

    /// <summary>A withheld answer is asked for again, with its failed claims named.</summary>
    /// <param name="attempts">How often; 0 to 10. The default value is 0.</param>
    public HallucinationGuardBuilder RepairUpTo(int attempts)
    {
        _abstention.MaxRepairs = attempts;
        return this;
    }

    /// <summary>When an answer is withheld, further ones are drawn at once, and the best that passes is delivered (best of n).
    /// Comes before repairs.</summary>
    /// <param name="candidates">How many; 0 to 10. The default value is 0.</param>
    public HallucinationGuardBuilder BestOf(int candidates)
    {
        _abstention.MaxCandidates = candidates;
        return this;
    }

    /// <summary>When no draft passes, the best is delivered without its unsupported sentences, where what is left passes
    /// verification again. Comes last.</summary>
    public HallucinationGuardBuilder RemoveUnsupported()
    {
        _abstention.RemoveUnsupported = true;
        return this;
    }

    /// <summary>When no draft passes, another client is asked; its answer is scored and verified in the same way.</summary>
    /// <param name="client">The other client. It is not disposed with the guard.</param>
    /// <param name="policy">Decides on its answers; null for the same policy. Needed where the policy rests on a calibration,
    /// which fits one model only.</param>
    public HallucinationGuardBuilder EscalateTo(IChatClient client, IAbstentionPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _abstention.Escalation = client;
        _abstention.EscalationPolicy = policy;
        return this;
    }

    /// <summary>An answer is withheld when its confidence is below a threshold.</summary>
    /// <param name="confidence">The lowest confidence that is delivered, from 0 to 1. It is compared with the scorer's raw
    /// value unless that is calibrated: it is no error rate, and fits one scorer and model only.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is not between 0 and 1.</exception>
    public HallucinationGuardBuilder AbstainBelow(double confidence) =>
        DecideByScore(nameof(AbstainBelow), new ConfidenceThresholdPolicy(confidence), null);

    /// <summary>An answer is withheld unless its score reaches the threshold that a calibration found for a target error
    /// rate; the scores are watched for drift.</summary>
    /// <param name="errorRate">The highest error rate among the delivered answers, between 0 and 1.</param>
    /// <param name="calibration">What was learned from labelled answers of this pipeline.</param>
    /// <param name="method">How the threshold was found, and of which error it speaks.</param>
    /// <exception cref="InvalidOperationException">The calibration has no threshold for this rate; an infeasible one is not
    /// rounded.</exception>
    public HallucinationGuardBuilder AbstainToMeet(
        double errorRate, CalibrationArtefact calibration, RiskControlMethod method = RiskControlMethod.LearnThenTest) =>
        DecideByScore(nameof(AbstainToMeet), new RiskControlledPolicy(calibration, errorRate, method), calibration);

    /// <summary>An answer is withheld when a wrong one is expected to cost more than silence.</summary>
    /// <param name="costOfWrongAnswer">What a wrong answer costs, in any unit; above 0.</param>
    /// <param name="costOfSilence">What it costs not to answer, in the same unit; at most as much.</param>
    /// <param name="calibration">Turns scores into probabilities; null when the scorer gives probabilities.</param>
    /// <exception cref="ArgumentOutOfRangeException">A cost is out of its range.</exception>
    public HallucinationGuardBuilder AbstainByCost(
        double costOfWrongAnswer, double costOfSilence, CalibrationArtefact? calibration = null) =>
        DecideByScore(nameof(AbstainByCost), new CostPolicy(costOfWrongAnswer, costOfSilence, calibration), calibration);

    /// <summary>A policy of your own decides, in place of the verdicts and the threshold.</summary>
    /// <param name="policy">The policy.</param>
    public HallucinationGuardBuilder AbstainBy(IAbstentionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _abstention.Policy = policy;
        return this;
    }

    /// <summary>Takes settings from configuration: <c>AbstainBelow</c>; <c>Calibration</c> with <c>File</c> and
    /// <c>ErrorRate</c> (and <c>Method</c>) or <c>CostOfWrongAnswer</c> and <c>CostOfSilence</c>; and the options of each part
    /// by their names under <c>Grounding</c>, <c>Confidence</c>, <c>Verification</c> and <c>Abstention</c>. What is called after
    /// this goes over it.</summary>
    /// <param name="section">The section; read once, now.</param>
    /// <exception cref="InvalidOperationException">The section is not there, or holds a value or a name that cannot be.</exception>
    public HallucinationGuardBuilder Configure(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        new GuardSettings(_grounding, _confidence, _verification, _abstention).ReadFrom(section).ApplyTo(this);
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

    /// <summary>Checks that the parts make sense together, and settles the policy. To be called when all parts are set.</summary>
    /// <exception cref="InvalidOperationException">They do not; the message says what to change.</exception>
    public void Validate()
    {
        if (_isSettled)
        {
            return;
        }

        if (_byScore is { } byScore && _scorer is null)
        {
            throw new InvalidOperationException(
                $"{byScore.Method} needs a confidence: add {nameof(ScoreWith)}(…), or remove {byScore.Method}.");
        }

        if (_byScore is { } score && _abstention.Policy is not null)
        {
            throw new InvalidOperationException(
                $"{score.Method} and a policy of your own contradict each other: keep one, or put both into an {nameof(AllOfPolicy)}.");
        }

        if (_calibration?.Pipeline.Mismatch(_scorer!) is { } mismatch)
        {
            throw new InvalidOperationException(mismatch);
        }

        if (_calibration?.Pipeline.Model is { } model && _abstention is { Escalation: not null, EscalationPolicy: null })
        {
            throw new InvalidOperationException(
                $"The calibration fits the model '{model}' only, so that every answer of the other client would be withheld: give {nameof(EscalateTo)}(…) a policy for it, such as a {nameof(RiskControlledPolicy)} with its own calibration.");
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
        _grounding.CloneValidated();
        _verification.Validated();
        if (_scorer is not null)
        {
            _confidence.ValidatedFor(_scorer);
        }

        _isSettled = true;
    }

    /// <summary>Puts the parts around a client: grounding outermost, then abstention, verification and confidence. For hosts of
    /// chat clients that are no <see cref="ChatClientBuilder"/>; else use <c>UseHallucinationGuard</c>.</summary>
    /// <param name="innerClient">The client; disposed with the guard.</param>
    /// <param name="services">Where an <see cref="ILoggerFactory"/> is looked for; null for no logging.</param>
    /// <exception cref="InvalidOperationException">The parts do not make sense together, or the calibration is of another model.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Each client owns the one inside of it, and the caller the outermost.")]
    public IChatClient Build(IChatClient innerClient, IServiceProvider? services = null)
    {
        ArgumentNullException.ThrowIfNull(innerClient);
        Validate();
        var loggers = (ILoggerFactory?)services?.GetService(typeof(ILoggerFactory));
        if (_calibration?.Pipeline.Mismatch(innerClient) is { } mismatch)
        {
            throw new InvalidOperationException(mismatch);
        }

        if (_calibration is not null)
        {
            lock (_building)
            {
                // One for all clients that are built: scoped ones live too short to see anything.
                _abstention.Drift ??= new DriftMonitor(_calibration, loggerFactory: loggers);
            }
        }

        var abstention = _abstention.With(_abstention.Escalation is { } escalation ? Judge(escalation, loggers) : null).ObservedBy(services);
        IChatClient client = new AbstentionChatClient(Judge(innerClient, loggers), abstention, loggers);
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

        if (_byScore is { } byScore)
        {
            policies.Add(byScore.Policy);
        }

        return policies switch
        {
            [] => throw new InvalidOperationException(
                $"The guard has nothing to decide by: add {nameof(VerifyWith)}(…), or {nameof(ScoreWith)}(…) with {nameof(AbstainBelow)}(…)."),
            [var policy] => policy,
            _ => new AllOfPolicy(policies),
        };
    }

    private HallucinationGuardBuilder DecideByScore(string method, IAbstentionPolicy policy, CalibrationArtefact? calibration)
    {
        if (_byScore is { } other && other.Method != method)
        {
            throw new InvalidOperationException(
                $"{other.Method} and {method} both decide by the score: keep one, or put both into an {nameof(AllOfPolicy)} and pass that to {nameof(AbstainBy)}.");
        }

        (_byScore, _calibration) = ((method, policy), calibration);
        return this;
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
