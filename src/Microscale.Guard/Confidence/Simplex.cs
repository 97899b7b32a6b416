namespace Microscale.Guard;

/// <summary>The set of weights that are not negative and sum to 1.</summary>
internal static class Simplex
{
    /// <summary>The nearest point of the simplex (Duchi et al. 2008, "Efficient projections onto the ℓ1-ball", figure 1).</summary>
    public static double[] Project(double[] point)
    {
        var sum = 0.0;
        var threshold = 0.0;
        var count = 0;
        foreach (var value in point.OrderDescending())
        {
            sum += value;
            count++;
            if (value - ((sum - 1) / count) > 0)
            {
                threshold = (sum - 1) / count;
            }
        }

        return Array.ConvertAll(point, v => Math.Max(0, v - threshold));
    }
}
