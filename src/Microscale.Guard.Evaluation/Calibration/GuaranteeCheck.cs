namespace Microscale.Guard.Evaluation;

/// <summary>Tests on labelled answers whether a guarantee holds: calibrates on a random half, measures on the other, many
/// times.</summary>
/// <param name="Splits">How many halves were drawn.</param>
/// <param name="Feasible">In how many a threshold was found.</param>
/// <param name="Exceeded">In how many the error measured on the other half was above the target; where no threshold was found, nothing
/// is answered, and nothing exceeded.</param>
/// <param name="MeanCoverage">The mean share of the other half that was answered, over all splits.</param>
/// <param name="MeanRisk">The mean error among the answered, over the splits where something was.</param>
/// <remarks>The measured error is that of a sample, and strays around the error rate of which the guarantee speaks: an exceeded one is
/// no proof that the guarantee failed.</remarks>
public sealed record GuaranteeCheck(int Splits, int Feasible, int Exceeded, double MeanCoverage, double? MeanRisk)
{
    /// <summary>The share of the splits in which the target was exceeded.</summary>
    public double ExceededShare => (double)Exceeded / Splits;

    /// <summary>Draws halves.</summary>
    /// <param name="pairs">Labelled answers; at least two.</param>
    /// <param name="errorRate">The target α, between 0 and 1.</param>
    /// <param name="delta">δ, above 0 and at most 0.5.</param>
    /// <param name="splits">How many; at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="control">Finds the threshold; null for <see cref="RiskControl.LearnThenTest"/>.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static GuaranteeCheck Run(
        IReadOnlyList<LabelledScore> pairs,
        double errorRate,
        double delta = 0.1,
        int splits = 200,
        long seed = 0,
        Func<IEnumerable<LabelledScore>, double, double, RiskGuarantee>? control = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs.Count, 2, nameof(pairs));
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        control ??= RiskControl.LearnThenTest;
        LabelledScore[] shuffled = [.. pairs];
        var (feasible, exceeded, coverage, risk) = (0, 0, 0.0, 0.0);
        for (var split = 0; split < splits; split++)
        {
            var random = new ResamplingRandom(seed, split);
            for (var i = shuffled.Length - 1; i > 0; i--)
            {
                var other = random.Below(i + 1);
                (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
            }

            var half = shuffled.Length / 2;
            if (control(shuffled.Take(half), errorRate, delta).Threshold is not { } threshold)
            {
                continue;
            }

            var answered = shuffled.Skip(half).Where(p => p.Score >= threshold).ToArray();
            var wrong = answered.Count(p => !p.IsCorrect);
            feasible += answered.Length > 0 ? 1 : 0;
            exceeded += wrong > errorRate * answered.Length ? 1 : 0;
            coverage += (double)answered.Length / (shuffled.Length - half);
            risk += answered.Length > 0 ? (double)wrong / answered.Length : 0;
        }

        return new(splits, feasible, exceeded, coverage / splits, feasible > 0 ? risk / feasible : null);
    }
}
