using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Options of <see cref="AbstentionChatClient"/>.</summary>
public sealed class AbstentionOptions
{
    /// <summary>Decides whether an answer is delivered. Required.</summary>
    public IAbstentionPolicy? Policy { get; set; }

    /// <summary>How often the model is asked again, with the failed claims named, when its answer is withheld.</summary>
    /// <value>The default value is 0.</value>
    public int MaxRepairs { get; set; }

    /// <summary>How many further answers are drawn at once when the first is withheld; of those that pass, the one is delivered
    /// that the verifiers, and then the scorer, hold for the best (best of n). 0 to 10. Comes before repairs.</summary>
    /// <value>The default value is 0.</value>
    public int MaxCandidates { get; set; }

    /// <summary>The lowest temperature of candidates, from 0 to 2. The caller's is used where it is higher.</summary>
    /// <value>The default value is 0.7.</value>
    public float CandidateTemperature { get; set; } = 0.7f;

    /// <summary>Whether, when no draft passed, the best one is delivered without the sentences that were not supported, where
    /// what is left passes verification again. Needs a <see cref="VerificationChatClient"/> inside; never cuts structured
    /// output.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool RemoveUnsupported { get; set; }

    /// <summary>How many tokens all attempts after the first draft may cost together; an attempt begins only where what the
    /// first draft cost still fits. Null for no limit.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public long? MaxExtraTokens { get; set; }

    /// <summary>How long all attempts after the first draft may take together; one that takes longer is ended. Null for no
    /// limit.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public TimeSpan? MaxExtraTime { get; set; }

    /// <summary>A client that is asked when no draft passed. Its answers must carry the parts of the report that the policy
    /// needs (<c>UseHallucinationGuard</c> sees to that); else they are withheld too. It is not disposed with the guard.</summary>
    /// <value>The default value is <see langword="null"/>: nobody is asked.</value>
    public IChatClient? Escalation { get; set; }

    /// <summary>Decides on the answers of <see cref="Escalation"/>: a calibration fits one model only.</summary>
    /// <value>The default value is <see langword="null"/>: the same policy.</value>
    public IAbstentionPolicy? EscalationPolicy { get; set; }

    /// <summary>How a streamed answer is let through.</summary>
    /// <value>The default value is <see cref="StreamingMode.SentenceGated"/>.</value>
    public StreamingMode Streaming { get; set; } = StreamingMode.SentenceGated;

    /// <summary>What happens when grounding was asked for and found nothing, and the conversation holds no other evidence.
    /// <see cref="FaultAction.Abstain"/> does not even ask the model.</summary>
    /// <value>The default value is <see cref="FaultAction.Abstain"/>.</value>
    public FaultAction WhenNoEvidence { get; set; }

    /// <summary>What happens when the evidence source failed.</summary>
    /// <value>The default value is <see cref="FaultAction.Abstain"/>.</value>
    public FaultAction WhenSourceFails { get; set; }

    /// <summary>Whether a withheld draft is kept, in <see cref="GuardReport.WithheldDraft"/> and in the response's raw
    /// representation.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeepDraft { get; set; }

    /// <summary>The sentences of abstentions by language; add your own.</summary>
    /// <value>The default value has <c>en</c> and <c>de</c>.</value>
    public IDictionary<string, AbstentionTemplates> Templates { get; } = new Dictionary<string, AbstentionTemplates>(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = AbstentionTemplates.CreateEnglish(),
        ["de"] = AbstentionTemplates.CreateGerman(),
    };

    /// <summary>The language of abstentions: a key of <see cref="Templates"/>.</summary>
    /// <value>The default value is <c>en</c>.</value>
    public string Language { get; set; } = "en";

    /// <summary>Policies that a request can choose by name (<see cref="GuardOverrides.Policy"/>).</summary>
    public IDictionary<string, IAbstentionPolicy> NamedPolicies { get; } = new Dictionary<string, IAbstentionPolicy>(StringComparer.Ordinal);

    /// <summary>Whether a request may go around the guard (<see cref="GuardChatOptionsExtensions.BypassGuard"/>).</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool AllowBypass { get; set; } = true;

    /// <summary>Watches whether the raw scores of first drafts stay as they were calibrated.</summary>
    /// <value>The default value is <see langword="null"/>: nobody watches.</value>
    public DriftMonitor? Drift { get; set; }

    /// <summary>See what became of every request. Observers that are registered as services are told as well.</summary>
    /// <value>The default value is empty.</value>
    public IList<IGuardObserver> Observers { get; private set; } = [];

    /// <summary>Writes what the caller gets in place of a withheld answer.</summary>
    /// <value>The default value is <see cref="AbstentionText.Write"/>.</value>
    public Func<AbstentionContext, TextContent> WriteAbstention { get; set; } = AbstentionText.Write;

    /// <summary>The clock.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A copy that escalates to another client.</summary>
    internal AbstentionOptions With(IChatClient? escalation)
    {
        var copy = (AbstentionOptions)MemberwiseClone();
        copy.Escalation = escalation;
        return copy;
    }

    /// <summary>A copy that the application's observers see too.</summary>
    internal AbstentionOptions ObservedBy(IServiceProvider? services)
    {
        var copy = (AbstentionOptions)MemberwiseClone();
        copy.Observers = [.. Observers, .. (IEnumerable<IGuardObserver>?)services?.GetService(typeof(IEnumerable<IGuardObserver>)) ?? []];
        return copy;
    }

    /// <summary>These options as one request wants them.</summary>
    /// <exception cref="InvalidOperationException">The request names a policy or a language that is not there.</exception>
    internal AbstentionOptions For(GuardOverrides? request)
    {
        if (request is null)
        {
            return this;
        }

        var copy = (AbstentionOptions)MemberwiseClone();
        copy.Policy = request.Policy is not { } name ? Policy
            : NamedPolicies.TryGetValue(name, out var named) ? named
            : throw Unknown(nameof(GuardOverrides.Policy), name, nameof(NamedPolicies), NamedPolicies.Keys);
        copy.Policy = request.MinimumConfidence is { } minimum ? ConfidenceThresholdPolicy.Replace(copy.Policy!, minimum) : copy.Policy;
        copy.MaxRepairs = request.MaxRepairs ?? MaxRepairs;
        copy.MaxCandidates = request.MaxCandidates ?? MaxCandidates;
        copy.RemoveUnsupported = request.RemoveUnsupported ?? RemoveUnsupported;
        copy.Escalation = request.Escalate is false ? null : Escalation;
        copy.Language = request.Language is not { } language ? Language
            : Templates.ContainsKey(language) ? language
            : throw Unknown(nameof(GuardOverrides.Language), language, nameof(Templates), Templates.Keys);
        return copy;
    }

    private static InvalidOperationException Unknown(string setting, string value, string collection, IEnumerable<string> known) => new(
        $"{nameof(GuardOverrides)}.{setting} of the request is '{value}', but {nameof(AbstentionOptions)}.{collection} holds {(known.Any() ? string.Join(", ", known) : "none")}: add it there.");

    internal void Validate()
    {
        if (Policy is null)
        {
            throw new InvalidOperationException(
                $"{nameof(AbstentionOptions)}.{nameof(Policy)} is not set: set it to a {nameof(VerdictPolicy)}, a {nameof(ConfidenceThresholdPolicy)} or a policy of your own.");
        }

        if (MaxRepairs is < 0 or > 10)
        {
            throw new InvalidOperationException($"{nameof(AbstentionOptions)}.{nameof(MaxRepairs)} is {MaxRepairs}: set it between 0 and 10.");
        }

        if (MaxCandidates is < 0 or > 10)
        {
            throw new InvalidOperationException($"{nameof(AbstentionOptions)}.{nameof(MaxCandidates)} is {MaxCandidates}: set it between 0 and 10.");
        }

        if (CandidateTemperature is not (>= 0 and <= 2))
        {
            throw new InvalidOperationException($"{nameof(AbstentionOptions)}.{nameof(CandidateTemperature)} is {CandidateTemperature}: set it between 0 and 2.");
        }

        if (MaxExtraTokens < 0 || MaxExtraTime < TimeSpan.Zero || MaxExtraTime > TimeSpan.FromDays(1))
        {
            throw new InvalidOperationException(
                $"{nameof(AbstentionOptions)}.{nameof(MaxExtraTokens)} and {nameof(MaxExtraTime)} must not be negative, and a time must be at most a day: leave them out for no limit.");
        }

        if (Language is null || !Templates.ContainsKey(Language))
        {
            throw new InvalidOperationException(
                $"{nameof(AbstentionOptions)}.{nameof(Language)} is '{Language}', but there are templates for {string.Join(", ", Templates.Keys)} only: add it to {nameof(Templates)}.");
        }

        foreach (var (language, templates) in Templates)
        {
            templates.Validate(language);
        }

        if (!Enum.IsDefined(Streaming))
        {
            throw new InvalidOperationException($"{nameof(AbstentionOptions)}.{nameof(Streaming)} is {Streaming}: set it to a {nameof(StreamingMode)}.");
        }

        if (WriteAbstention is null || TimeProvider is null)
        {
            throw new InvalidOperationException(
                $"{nameof(AbstentionOptions)}.{nameof(WriteAbstention)} and {nameof(TimeProvider)} must not be null: leave them out for the defaults.");
        }
    }
}
