using System.Globalization;

namespace Microscale.Guard.Evaluation;

/// <summary>A figure with its confidence interval.</summary>
/// <param name="Value">The figure of the sample.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Level">The confidence of the interval, such as 0.95.</param>
public readonly record struct MetricInterval(double Value, double Low, double High, double Level)
{
    /// <summary>The figure and its interval.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.000} [{Low:0.000}, {High:0.000}]");
}
