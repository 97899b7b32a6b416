namespace Microscale.Guard;

/// <summary>Judges claims with an entailment model over windows of the evidence.</summary>
/// <remarks>
/// <para>A window is made of the sentences of one passage that share most with the claim. The support of a claim is its
/// highest probability of entailment over the windows, so that one passage is enough (as in MiniCheck, Tang et al. 2024);
/// its contradiction is looked at apart. A claim is Supported when the support reaches
/// <see cref="EntailmentVerifierOptions.SupportThreshold"/> and, where contradiction reaches its threshold too, is not below
/// it; else Contradicted when contradiction reaches
/// <see cref="EntailmentVerifierOptions.ContradictionThreshold"/> in a window that holds half of the claim's content words
/// (a passage on something else contradicts much); else Unverifiable, as are all claims without evidence, and claims too
/// long to be read whole.
/// </para>
/// <para>The score is the support, or the contradiction of a contradicted claim. Safe for concurrent callers if the model
/// is.</para>
/// </remarks>
public sealed class EntailmentVerifier : IClaimVerifier
{
    /// <summary>The share of a claim's content words that a window must hold to speak of the same matter.</summary>
    private const double LeastCoverage = 0.5;

    private readonly IEntailmentModel _model;
    private readonly EntailmentVerifierOptions _options;

    /// <summary>Creates the verifier.</summary>
    /// <param name="model">The model; it is not disposed.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EntailmentVerifier(IEntailmentModel model, EntailmentVerifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _options = (options ?? new EntailmentVerifierOptions()).Validated();
    }

    /// <inheritdoc/>
    public string Name => "entailment";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var evidence = new EvidenceWindows(context.Evidence);
        IReadOnlyList<EvidenceWindow>[] windows = [.. context.Claims.Select(c => IsTooLong(c) ? [] : evidence.For(c.Text, _options.WindowWords, _options.MaxWindows))];
        EntailmentPair[] pairs = [.. windows.SelectMany((w, i) => w.Select(window => new EntailmentPair(window.Text, context.Claims[i].Text)))];
        IReadOnlyList<EntailmentScores> scores = pairs.Length == 0 ? [] : await _model.ClassifyAsync(pairs, cancellationToken);
        if (scores.Count != pairs.Length)
        {
            throw new InvalidOperationException($"The entailment model gave {scores.Count} scores for {pairs.Length} pairs.");
        }

        var findings = new VerifierFinding?[windows.Length];
        var first = 0;
        for (var i = 0; i < windows.Length; i++)
        {
            findings[i] = IsTooLong(context.Claims[i]) ? Unverifiable("The claim is too long for the model.")
                : windows[i].Count == 0 ? Unverifiable("There is no evidence.")
                : Judge(windows[i], [.. scores.Skip(first).Take(windows[i].Count)]);
            first += windows[i].Count;
        }

        return findings;
    }

    private VerifierFinding Judge(IReadOnlyList<EvidenceWindow> windows, EntailmentScores[] scores)
    {
        foreach (var score in scores)
        {
            if (score is not { Entailment: >= 0 and <= 1, Contradiction: >= 0 and <= 1 })
            {
                throw new InvalidOperationException("The entailment model gave a probability outside of 0 to 1.");
            }
        }

        var supporting = IndexOfMax(scores, static s => s.Entailment);
        var opposing = IndexOfMax(scores, static s => s.Contradiction);
        var support = scores[supporting].Entailment;
        var contradiction = scores[opposing].Contradiction;
        var isContradicted = contradiction >= _options.ContradictionThreshold;
        var isSupported = support >= _options.SupportThreshold && (!isContradicted || support >= contradiction);

        // A passage on something else "contradicts" much. It keeps a claim from being supported, but is no evidence against it.
        var speaksOfIt = windows[opposing].Coverage >= LeastCoverage;
        return (isSupported, isContradicted && speaksOfIt) switch
        {
            (true, _) => new VerifierFinding(Name, Verdict.Supported) { Score = support, EvidenceId = windows[supporting].EvidenceId },
            (_, true) => new VerifierFinding(Name, Verdict.Contradicted) { Score = contradiction, EvidenceId = windows[opposing].EvidenceId },
            _ => new VerifierFinding(Name, Verdict.Unverifiable) { Score = support, EvidenceId = windows[supporting].EvidenceId },
        };
    }

    private bool IsTooLong(Claim claim) => claim.Text.Length > _options.MaxClaimLength;

    private VerifierFinding Unverifiable(string explanation) => new(Name, Verdict.Unverifiable) { Explanation = explanation };

    private static int IndexOfMax(EntailmentScores[] scores, Func<EntailmentScores, double> value)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            best = value(scores[i]) > value(scores[best]) ? i : best;
        }

        return best;
    }
}
