namespace Microscale.Guard.Evaluation;

/// <summary>How far a run is.</summary>
/// <param name="Done">Evaluations that are done, those of an earlier start included.</param>
/// <param name="Total">All of them: rows times pipelines.</param>
/// <param name="PerSecond">Evaluations a second since this start; 0 when none is done.</param>
/// <param name="Remaining">How long the rest takes at that rate; null when it cannot be said.</param>
public readonly record struct RunProgress(long Done, long Total, double PerSecond, TimeSpan? Remaining)
{
    internal static RunProgress Of(long done, long doneBefore, long total, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? (done - doneBefore) / elapsed.TotalSeconds : 0;
        var remaining = done >= total ? TimeSpan.Zero : rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - done) / rate, 1e9)) : (TimeSpan?)null;
        return new(done, total, rate, remaining);
    }
}
