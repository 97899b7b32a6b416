using System.Numerics;
using CsCheck;

namespace Microscale.Guard.Tests.Calibration;

public class BinomialTailTests
{
    [Fact]
    public void AtMost_SmallCounts_IsTheExactSum() => Gen.Select(Gen.Int[1, 60], Gen.Int[-1, 61], Gen.Int[1, 99]).Sample((n, k, percent) =>
    {
        // In whole numbers: the sum of C(n, j) p^j (100 − p)^(n − j), over 100^n.
        var (sum, choose) = (BigInteger.Zero, BigInteger.One);
        for (var j = 0; j <= Math.Min(k, n); j++)
        {
            sum += choose * BigInteger.Pow(percent, j) * BigInteger.Pow(100 - percent, n - j);
            choose = choose * (n - j) / (j + 1);
        }

        var expected = sum.IsZero ? 0 : Math.Exp(BigInteger.Log(sum) - BigInteger.Log(BigInteger.Pow(100, n)));
        Assert.Equal(expected, BinomialTail.AtMost(k, n, percent / 100.0), 1e-9);
    }, iter: 1000);

    [Fact]
    public void AtMost_LargeCounts_DoesNotUnderflow()
    {
        // (1 − p)^n is below the smallest double; the median of a binomial lies at its mean.
        Assert.InRange(BinomialTail.AtMost(5000, 100_000, 0.05), 0.5, 0.51);
        Assert.InRange(BinomialTail.AtMost(4900, 100_000, 0.05), 0.073, 0.0745);
    }
}
