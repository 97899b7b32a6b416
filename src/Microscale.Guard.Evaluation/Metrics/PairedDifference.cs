namespace Microscale.Guard.Evaluation;

/// <summary>The difference of a metric between two pipelines on the same questions.</summary>
/// <param name="Value">The second pipeline's figure minus the first's.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Level">The confidence of the interval, such as 0.95.</param>
/// <param name="PValue">How likely so large a difference is by chance, above 0 and at most 1.</param>
public readonly record struct PairedDifference(double Value, double Low, double High, double Level, double PValue);
