namespace Microscale.Guard;

/// <summary>The lower tail of the binomial distribution.</summary>
internal static class BinomialTail
{
    /// <summary>P[Bin(<paramref name="n"/>, <paramref name="p"/>) ≤ <paramref name="k"/>], for p between 0 and 1, both
    /// excluded.</summary>
    public static double AtMost(int k, int n, double p)
    {
        if (k < 0)
        {
            return 0;
        }

        if (k >= n)
        {
            return 1;
        }

        // Terms fall away from the mean, so the tail that does not hold it is summed, from its largest term on.
        return k < n * p
            ? Math.Min(1, Math.Exp(LogTerm(k, n, p)) * SumOfRatios(k, n, p))
            : Math.Max(0, 1 - (Math.Exp(LogTerm(n - k - 1, n, 1 - p)) * SumOfRatios(n - k - 1, n, 1 - p)));
    }

    /// <summary>The logarithm of P[Bin(n, p) = k].</summary>
    private static double LogTerm(int k, int n, double p)
    {
        var sum = (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p));
        for (var i = 1; i <= Math.Min(k, n - k); i++)
        {
            sum += Math.Log((double)(n - i + 1) / i);
        }

        return sum;
    }

    /// <summary>The terms at and below k, in units of the one at k.</summary>
    private static double SumOfRatios(int k, int n, double p)
    {
        var (sum, term) = (1.0, 1.0);
        for (var j = k; j > 0 && term > sum * 1e-17; j--)
        {
            term *= j * (1 - p) / ((n - j + 1) * p);
            sum += term;
        }

        return sum;
    }
}
