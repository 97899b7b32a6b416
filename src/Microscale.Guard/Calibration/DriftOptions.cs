namespace Microscale.Guard;

/// <summary>Settings of <see cref="DriftMonitor"/>. Read once, when the monitor is created.</summary>
public sealed class DriftOptions
{
    /// <summary>How many of the latest scores are compared with the calibration; 20 to 100,000. Each takes 16 bytes.</summary>
    /// <value>The default value is 500.</value>
    public int Window { get; set; } = 500;

    /// <summary>How many scores there must be before anything is said; from 20 to <see cref="Window"/>.</summary>
    /// <value>The default value is 200.</value>
    public int MinimumCount { get; set; } = 200;

    /// <summary>Scores older than this no longer count.</summary>
    /// <value>The default value is 7 days.</value>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The population stability index from which the distribution counts as drifted. Without drift its mean is about
    /// (bins − 1)(1/window + 1/calibration), 0.04 for ten bins, 500 scores and a calibration of 300.</summary>
    /// <value>The default value is 0.2, by custom the mark of a change that matters.</value>
    public double Threshold { get; set; } = 0.2;

    /// <summary>Called when drift begins and when it ends, after it was logged and counted; what it throws is ignored.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public Action<DriftStatus>? OnChange { get; set; }

    /// <summary>The clock.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal DriftOptions Validated()
    {
        Require(Window is >= 20 and <= 100_000, nameof(Window), "from 20 to 100,000");
        Require(MinimumCount >= 20 && MinimumCount <= Window, nameof(MinimumCount), $"from 20 to {nameof(Window)}");
        Require(MaxAge > TimeSpan.Zero, nameof(MaxAge), "above zero");
        Require(Threshold > 0 && double.IsFinite(Threshold), nameof(Threshold), "above 0, such as 0.2");
        Require(TimeProvider is not null, nameof(TimeProvider), "to a time provider, such as TimeProvider.System");
        return (DriftOptions)MemberwiseClone();
    }

    private static void Require(bool holds, string setting, string remedy)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(DriftOptions)}.{setting} is out of range: set it {remedy}.", setting);
        }
    }
}
