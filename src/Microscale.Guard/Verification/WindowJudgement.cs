namespace Microscale.Guard;

/// <summary>A claim that is compared with windows one after another, until it is settled; see <see cref="EntailmentVerifier"/>
/// for the rule.</summary>
/// <param name="claim">The claim.</param>
/// <param name="windows">The windows, best first.</param>
/// <param name="missing">What the claim names and no evidence does.</param>
/// <param name="options">The thresholds.</param>
internal sealed class WindowJudgement(string claim, IReadOnlyList<EvidenceWindow> windows, MissingFacts missing, EntailmentVerifierOptions options)
{
    /// <summary>The share of a claim's content words that a window must hold to speak of the same matter.</summary>
    private const double LeastCoverage = 0.5;

    /// <summary>The entailment that no other window can make doubtful.</summary>
    private const double Settling = 0.9;

    private readonly double _penalty = (missing.Figures.Count > 0 ? 2 : 0) + (missing.Names.Count > 0 ? 1.2 : 0);
    private int _read;
    private bool _isSettled;
    private (double Support, double Entailment, int Window) _best = (-1, 0, 0);
    private (double Contradiction, int Window) _worst = (-1, 0);

    public string Claim => claim;

    /// <summary>The window to compare with next; null when the verdict is settled, or none is left.</summary>
    public EvidenceWindow? Next => _isSettled || _read == windows.Count ? null : windows[_read];

    /// <summary>Takes the scores of the next window.</summary>
    public void Add(EntailmentScores scores)
    {
        if (scores is not { Entailment: >= 0 and <= 1, Contradiction: >= 0 and <= 1 })
        {
            throw new InvalidOperationException("The entailment model gave a probability outside of 0 to 1.");
        }

        var support = Support(scores, windows[_read]);
        if (support > _best.Support)
        {
            _best = (support, scores.Entailment, _read);
        }

        if (scores.Contradiction > _worst.Contradiction)
        {
            _worst = (scores.Contradiction, _read);
        }

        _isSettled = scores.Entailment >= Settling && support >= options.SupportThreshold;
        _read++;
    }

    /// <summary>What the windows say.</summary>
    public VerifierFinding ToFinding(string verifier)
    {
        var isContradicted = _worst.Contradiction >= options.ContradictionThreshold;
        var isSupported = _isSettled
            || (_best.Support >= options.SupportThreshold && (!isContradicted || _worst.Window == _best.Window || _best.Entailment >= _worst.Contradiction));
        if (!isSupported && isContradicted && windows[_worst.Window].Coverage >= LeastCoverage)
        {
            return new VerifierFinding(verifier, Verdict.Contradicted)
            {
                Score = _worst.Contradiction,
                Support = _best.Support,
                EvidenceId = windows[_worst.Window].EvidenceId,
            };
        }

        return new VerifierFinding(verifier, isSupported ? Verdict.Supported : Verdict.Unverifiable)
        {
            Score = _best.Support,
            Support = _best.Support,
            EvidenceId = windows[_best.Window].EvidenceId,
        };
    }

    private double Support(EntailmentScores scores, EvidenceWindow window)
    {
        var z = (2 * (scores.Entailment - scores.Contradiction)) + (window.IsVerbatim ? 1.2 : 0) + (0.8 * window.Coverage) - 1 - _penalty;
        return 1 / (1 + Math.Exp(-z));
    }
}
