using System.Diagnostics.Metrics;
using static Microscale.Guard.GuardTelemetryNames;

namespace Microscale.Guard;

/// <summary>The instruments of the guard, and the bounds of the names that they are divided by.</summary>
internal static class GuardInstruments
{
    private static readonly Meter Meter = new(Source, typeof(GuardInstruments).Assembly.GetName().Version?.ToString());

    private static readonly InstrumentAdvice<double> Shares =
        new() { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] };

    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };

    public static Counter<long> Requests { get; } = Meter.CreateCounter<long>(
        Instruments.Requests, "{request}", "Guarded requests by decision, reason, model and policy.");

    public static Histogram<double> Confidence { get; } = Meter.CreateHistogram(
        Instruments.Confidence, "1", "Confidence of answers by scorer, as the scorer gave it.", advice: Shares);

    public static Histogram<double> Probability { get; } = Meter.CreateHistogram(
        Instruments.Probability, "1", "Calibrated probability that answers are right, by scorer.", advice: Shares);

    public static Counter<long> Claims { get; } = Meter.CreateCounter<long>(
        Instruments.Claims, "{claim}", "Claims by verdict and by the verifier that decided.");

    public static Histogram<double> Overhead { get; } = Meter.CreateHistogram(
        Instruments.Overhead, "s", "Time of a guarded request that was neither the model's nor the reader's of a stream.", advice: Seconds);

    public static Histogram<double> ModelDuration { get; } = Meter.CreateHistogram(
        Instruments.ModelDuration, "s", "Time of the model in a guarded request, over all drafts and without drawn samples.", advice: Seconds);

    public static Histogram<double> TimeToFirstRelease { get; } = Meter.CreateHistogram(
        Instruments.TimeToFirstRelease, "s", "Time from a streamed request to the first text of its answer that was let out.", advice: Seconds);

    public static Counter<long> Attempts { get; } = Meter.CreateCounter<long>(
        Instruments.Attempts, "{attempt}", "Drafts by kind and by the reason they were withheld for.");

    public static Counter<long> Tokens { get; } = Meter.CreateCounter<long>(
        Instruments.Tokens, "{token}", "Tokens that the guard spent beyond the first draft: samples, judges, repairs, escalations.");

    public static Counter<double> Cost { get; } = Meter.CreateCounter<double>(
        Instruments.Cost, "{currency}", "What these tokens cost, for models whose price is known.");

    public static Counter<long> Retrievals { get; } = Meter.CreateCounter<long>(
        Instruments.Retrievals, "{retrieval}", "Searches for evidence by outcome and source.");

    public static Counter<long> Evidence { get; } = Meter.CreateCounter<long>(
        Instruments.Evidence, "{passage}", "Passages that were found, by source.");

    public static Counter<long> Bypasses { get; } = Meter.CreateCounter<long>(
        Instruments.Bypasses, "{request}", "Requests whose caller bypassed the guard.");

    public static Counter<long> Faults { get; } = Meter.CreateCounter<long>(
        Instruments.Faults, "{fault}", "Failures of sources, scorers, verifiers and further attempts.");

    public static Gauge<double> Drift { get; } = Meter.CreateGauge<double>(
        Instruments.Drift, "1", "How far the latest scores are from the calibrated ones (population stability index).");

    public static Counter<long> VerdictCacheHits { get; } = Meter.CreateCounter<long>(
        Instruments.VerdictCacheHits, "{claim}", "Claims whose finding came from the verdict cache, by verifier.");

    public static BoundedNames Models { get; } = new();

    public static BoundedNames Policies { get; } = new();

    public static BoundedNames Scorers { get; } = new();

    public static BoundedNames Verifiers { get; } = new();

    public static BoundedNames Sources { get; } = new();

    public static BoundedNames ErrorTypes { get; } = new();
}
