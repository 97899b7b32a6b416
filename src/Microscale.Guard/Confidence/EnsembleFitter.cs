namespace Microscale.Guard;

/// <summary>Fits the weights of ensembles to labelled answers.</summary>
/// <remarks>Deterministic: the same examples give the same weights. Weights that were fitted to few examples, or that are judged
/// on the examples they were fitted to, look better than they are; judge them on others.</remarks>
public static class EnsembleFitter
{
    private const int MaxNewtonSteps = 100;
    private const int MaxGradientSteps = 20_000;

    /// <summary>The weights wᵢ ≥ 0 with Σ wᵢ = 1 for which Σ wᵢ sᵢ has the least mean squared distance to right (1) and wrong (0),
    /// for <see cref="Confidence.Ensemble(IReadOnlyList{IConfidenceScorer}, IReadOnlyList{double})"/>.</summary>
    /// <param name="examples">Labelled answers, at least one right and one wrong.</param>
    /// <returns>One weight for each scorer; 0 for one that adds nothing.</returns>
    /// <remarks>Stacking with non-negative weights by the Brier score (Breiman 1996, "Stacked regressions"; Brier 1950), solved by
    /// accelerated projected gradients (Beck and Teboulle 2009) on the simplex (Duchi et al. 2008).</remarks>
    /// <exception cref="ArgumentException">The examples do not suffice, or are of different lengths.</exception>
    public static IReadOnlyList<double> FitWeights(IReadOnlyList<EnsembleExample> examples)
    {
        var d = Check(examples);
        var n = examples.Count;
        var gram = SquareMatrix.Zero(d);
        var target = new double[d];
        foreach (var example in examples)
        {
            for (var i = 0; i < d; i++)
            {
                target[i] += example.IsRight ? example.Scores[i] / n : 0;
                for (var j = 0; j < d; j++)
                {
                    gram[i][j] += example.Scores[i] * example.Scores[j] / n;
                }
            }
        }

        // The largest eigenvalue is at most the trace, so that this step never overshoots.
        var step = 1 / Math.Max(Enumerable.Range(0, d).Sum(i => gram[i][i]), 1e-12);
        var weights = Enumerable.Repeat(1.0 / d, d).ToArray();
        var ahead = weights;
        for (var k = 1; k <= MaxGradientSteps; k++)
        {
            var next = Simplex.Project(
                [.. Enumerable.Range(0, d).Select(i => ahead[i] - (step * (Enumerable.Range(0, d).Sum(j => gram[i][j] * ahead[j]) - target[i])))]);
            var momentum = (k - 1.0) / (k + 2.0);
            var moved = next.Zip(weights, (now, before) => Math.Abs(now - before)).Max();
            ahead = [.. next.Zip(weights, (now, before) => now + (momentum * (now - before)))];
            weights = next;
            if (moved < 1e-13)
            {
                break;
            }
        }

        return weights;
    }

    /// <summary>The intercept and weights for which σ(b + Σ wᵢ sᵢ) makes the labels most likely, for
    /// <see cref="Confidence.LogisticEnsemble"/>.</summary>
    /// <param name="examples">Labelled answers, at least one right and one wrong.</param>
    /// <param name="ridge">How strongly weights are held near 0: the sum of the log losses is added half this times Σ wᵢ². Above 0,
    /// so that there is a solution where a scorer separates right from wrong completely.</param>
    /// <remarks>Logistic regression with a ridge penalty (le Cessie and van Houwelingen 1992), by Newton's method with step
    /// halving; the loss is convex, so that there is one solution.</remarks>
    /// <exception cref="ArgumentException">The examples do not suffice, or are of different lengths.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ridge"/> is not above 0 and finite.</exception>
    public static LogisticWeights FitLogistic(IReadOnlyList<EnsembleExample> examples, double ridge = 1)
    {
        var d = Check(examples);
        if (!(ridge > 0 && double.IsFinite(ridge)))
        {
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "Set the ridge above 0, such as 1.");
        }

        // The intercept is the weight of a score that is always 1, last.
        var theta = new double[d + 1];
        var loss = Loss(theta);
        for (var k = 0; k < MaxNewtonSteps; k++)
        {
            var step = NewtonStep(theta);
            var (size, moved, movedLoss) = (1.0, theta, double.PositiveInfinity);
            while (size > 1e-9 && !(movedLoss <= loss))
            {
                moved = [.. theta.Zip(step, (t, s) => t - (size * s))];
                movedLoss = Loss(moved);
                size /= 2;
            }

            if (!(movedLoss <= loss) || step.Max(Math.Abs) < 1e-12)
            {
                break;
            }

            (theta, loss) = (moved, movedLoss);
        }

        return new LogisticWeights(theta[d], theta[..d]);

        double Feature(EnsembleExample example, int i) => i < d ? example.Scores[i] : 1;

        double Logit(double[] at, EnsembleExample example) => Enumerable.Range(0, d + 1).Sum(i => at[i] * Feature(example, i));

        double Loss(double[] at) =>
            examples.Sum(e => SoftPlus(e.IsRight ? -Logit(at, e) : Logit(at, e))) + (ridge / 2 * at[..d].Sum(w => w * w));

        double[] NewtonStep(double[] at)
        {
            var gradient = new double[d + 1];
            var hessian = SquareMatrix.Zero(d + 1);
            for (var i = 0; i < d; i++)
            {
                gradient[i] = ridge * at[i];
                hessian[i][i] = ridge;
            }

            foreach (var example in examples)
            {
                var p = 1 / (1 + Math.Exp(-Logit(at, example)));
                for (var i = 0; i <= d; i++)
                {
                    gradient[i] += (p - (example.IsRight ? 1 : 0)) * Feature(example, i);
                    for (var j = 0; j <= d; j++)
                    {
                        hessian[i][j] += p * (1 - p) * Feature(example, i) * Feature(example, j);
                    }
                }
            }

            return SquareMatrix.Solve(hessian, gradient);
        }
    }

    /// <summary>ln(1 + eˣ).</summary>
    private static double SoftPlus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    /// <summary>Checks examples.</summary>
    /// <returns>How many scores each has.</returns>
    private static int Check(IReadOnlyList<EnsembleExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (!examples.Any(e => e.IsRight) || !examples.Any(e => !e.IsRight))
        {
            throw new ArgumentException("The examples are all right or all wrong: add some of the other kind.", nameof(examples));
        }

        var count = examples[0].Scores.Count;
        return count > 0 && examples.All(e => e.Scores.Count == count && e.Scores.All(s => s is >= 0 and <= 1))
            ? count
            : throw new ArgumentException(
                "Each example needs one score from 0 to 1 for each scorer, in the same order.", nameof(examples));
    }
}
