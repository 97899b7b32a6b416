namespace Microscale.Guard.Evaluation;

/// <summary>Counts in how many documents each fact stands, and estimates from that how much is still unseen.</summary>
/// <remarks>A fact that one document repeats counts once. Memory grows with the number of different facts, about 100 bytes each. Not
/// safe for concurrent callers.</remarks>
public sealed class FactCounter
{
    private readonly Func<string, IEnumerable<string>> _extract;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _documents;
    private long _observations;

    /// <summary>Creates a counter.</summary>
    /// <param name="extract">Gives the facts of a document as keys; null for <see cref="FactExtraction.EntityAttributes"/>.</param>
    public FactCounter(Func<string, IEnumerable<string>>? extract = null) => _extract = extract ?? FactExtraction.EntityAttributes;

    /// <summary>Counts the facts of a document, or of a question of a traffic log.</summary>
    /// <param name="text">The document.</param>
    public void Add(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _documents++;
        foreach (var fact in _extract(text).Distinct())
        {
            _observations++;
            _counts[fact] = _counts.GetValueOrDefault(fact) + 1;
        }
    }

    /// <summary>Facts that were seen once, in the order in which they came.</summary>
    /// <param name="count">The most that are given.</param>
    public IReadOnlyList<string> SeenOnce(int count) => [.. _counts.Where(c => c.Value == 1).Take(count).Select(c => c.Key)];

    /// <summary>The estimate for what was counted so far.</summary>
    /// <param name="calibrationError">By how much the model's probabilities are off, from 0 to 1: the expected calibration error of an
    /// evaluation. 0 is a calibrated model.</param>
    /// <param name="level">The confidence of the interval, between 0 and 1.</param>
    /// <exception cref="InvalidOperationException">No fact was counted.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public FloorEstimate Estimate(double calibrationError = 0, double level = 0.95)
    {
        if (calibrationError is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(calibrationError), calibrationError, "A calibration error is from 0 to 1, such as 0.05.");
        }

        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level is between 0 and 1, such as 0.95.");
        }

        if (_observations == 0)
        {
            throw new InvalidOperationException($"No facts were found in {_documents} documents: add text, or choose another kind of fact.");
        }

        var (once, twice) = (_counts.Values.LongCount(c => c == 1), _counts.Values.LongCount(c => c == 2));
        return new FloorEstimate
        {
            Documents = _documents,
            Observations = _observations,
            Facts = _counts.Count,
            SeenOnce = once,
            SeenTwice = twice,
            Share = GoodTuring.MissingMass(_observations, once, twice, level),
            CalibrationError = calibrationError,
        };
    }
}
