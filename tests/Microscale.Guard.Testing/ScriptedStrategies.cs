namespace Microscale.Guard.Testing;

/// <summary>A source that finds what a test tells it to.</summary>
public sealed class ScriptedEvidenceSource(params Evidence[] evidence) : IEvidenceSource
{
    public Misbehaviour Misbehaviour { get; init; }

    public List<EvidenceQuery> Queries { get; } = [];

    public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default)
    {
        lock (Queries)
        {
            Queries.Add(query);
        }

        await Misbehaviour.ActAsync(cancellationToken);
        return Misbehaviour switch
        {
            Misbehaviour.ReturnsNull => null!,
            Misbehaviour.Lies => [null!, .. evidence],
            _ => evidence,
        };
    }
}

/// <summary>A verifier whose findings a test chooses by the claim.</summary>
public sealed class ScriptedVerifier(Func<Claim, Verdict?> judge, string name = "scripted") : IClaimVerifier
{
    public Misbehaviour Misbehaviour { get; init; }

    public List<VerificationContext> Contexts { get; } = [];

    /// <summary>Whether contexts are not kept, for tests of memory.</summary>
    public bool ForgetsContexts { get; init; }

    public string Name => name;

    public string? CacheKey { get; init; }

    public static ScriptedVerifier Always(Verdict? verdict) => new(_ => verdict);

    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        if (!ForgetsContexts)
        {
            lock (Contexts)
            {
                Contexts.Add(context);
            }
        }

        await Misbehaviour.ActAsync(cancellationToken);
        VerifierFinding?[] findings = [.. context.Claims.Select(c => judge(c) is { } verdict ? new VerifierFinding(name, verdict) { Score = 0.9 } : null)];
        return Misbehaviour switch
        {
            Misbehaviour.ReturnsNull => null!,
            Misbehaviour.Lies => [.. findings, new VerifierFinding(name, Verdict.Supported)],
            _ => findings,
        };
    }
}

/// <summary>A scorer whose score a test chooses by the text.</summary>
public sealed class ScriptedScorer(Func<string, double?> score, string name = "scripted") : IConfidenceScorer
{
    public Misbehaviour Misbehaviour { get; init; }

    public ScorerNeeds Needs { get; init; }

    public string Name => name;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        await Misbehaviour.ActAsync(cancellationToken);
        return Misbehaviour switch
        {
            Misbehaviour.ReturnsNull => null!,
            Misbehaviour.Lies => new ConfidenceScore(name, 7.5),
            _ => new ConfidenceScore(name, score(context.Text)),
        };
    }
}
