namespace Microscale.Guard;

/// <summary>What calibration learns from: the raw score of an answer, and whether the answer was right.</summary>
/// <param name="Score">The scorer's raw value, from 0 to 1.</param>
/// <param name="IsCorrect">Whether the answer was right, as a person or a test set says.</param>
public readonly record struct LabelledScore(double Score, bool IsCorrect)
{
    /// <summary>The pairs as an array.</summary>
    /// <exception cref="ArgumentException">There is none, or a score is not from 0 to 1.</exception>
    internal static LabelledScore[] Checked(IEnumerable<LabelledScore> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        LabelledScore[] array = [.. pairs];
        if (array.Length == 0)
        {
            throw new ArgumentException("There are no labelled scores: pass the score of each answer and whether it was right.", nameof(pairs));
        }

        foreach (var pair in array)
        {
            if (pair.Score is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"A labelled score is {pair.Score}: scores are from 0 to 1. Leave out answers whose score was not available.", nameof(pairs));
            }
        }

        return array;
    }
}
