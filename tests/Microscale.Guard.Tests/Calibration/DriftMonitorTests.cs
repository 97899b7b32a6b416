using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Tests.Calibration;

public class DriftMonitorTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<DriftStatus> _changes = [];
    private readonly FakeLogCollector _log = new();

    [Fact]
    public void SameDistribution_DoesNotDrift()
    {
        var monitor = Monitor();
        var random = new Random(1);

        for (var i = 0; i < 5000; i++)
        {
            monitor.Observe(random.NextDouble());
        }

        Assert.Empty(_changes);
        Assert.False(monitor.Status.IsDrifted);
        Assert.InRange(monitor.Status.StabilityIndex!.Value, 0, 0.1);
        Assert.Equal(500, monitor.Status.Count);
    }

    [Fact]
    public void ShiftedDistribution_DriftsOnce_AndReturns()
    {
        var monitor = Monitor();
        var random = new Random(2);

        for (var i = 0; i < 600; i++)
        {
            monitor.Observe(random.NextDouble() / 2);
        }

        Assert.True(Assert.Single(_changes).IsDrifted);
        Assert.True(monitor.Status.IsDrifted);
        var warning = Assert.Single(_log.GetSnapshot(), r => r.Level == LogLevel.Warning);
        Assert.Contains("left the calibrated distribution", warning.Message);
        Assert.Equal("microscale.guard.drift", warning.Id.Name);

        for (var i = 0; i < 1000; i++)
        {
            monitor.Observe(random.NextDouble());
        }

        Assert.Equal([true, false], _changes.Select(c => c.IsDrifted));
        Assert.False(monitor.Status.IsDrifted);
    }

    [Fact]
    public void Index_IsTheFormula()
    {
        // All 200 scores in the first of ten bins of 30: with half a score added to each bin.
        var monitor = Monitor();
        for (var i = 0; i < 200; i++)
        {
            monitor.Observe(0);
        }

        var (all, none, before) = (200.5 / 205, 0.5 / 205, 30.5 / 305);
        var expected = ((all - before) * Math.Log(all / before)) + (9 * (none - before) * Math.Log(none / before));
        Assert.Equal(expected, monitor.Status.StabilityIndex!.Value, 1e-9);
    }

    [Fact]
    public void FewScores_SayNothing()
    {
        var monitor = Monitor();
        for (var i = 0; i < 199; i++)
        {
            Assert.Null(monitor.Observe(0).StabilityIndex);
        }

        Assert.NotNull(monitor.Observe(0).StabilityIndex);
    }

    [Fact]
    public void OldScores_AreForgotten()
    {
        var monitor = Monitor();
        for (var i = 0; i < 300; i++)
        {
            monitor.Observe(0.5);
        }

        _clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(1, monitor.Observe(0.5).Count);
        Assert.True(monitor.Status.IsDrifted, "nothing says that it ended");
    }

    [Fact]
    public void Listener_ThatThrows_DoesNoHarm()
    {
        var monitor = Monitor(o => o.OnChange = _ => throw new InvalidOperationException());
        for (var i = 0; i < 300; i++)
        {
            monitor.Observe(0.5);
        }

        Assert.True(monitor.Status.IsDrifted);
        Assert.Contains(_log.GetSnapshot(), r => r.Message.Contains("listener", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(2)]
    public void ScoresThatCannotBe_AreIgnored(double score) => Assert.Equal(0, Monitor().Observe(score).Count);

    [Fact]
    public async Task Observe_Concurrently_LosesNothing()
    {
        var monitor = Monitor(o => o.Window = 10_000);

        await Parallel.ForAsync(0, 4000, (_, _) =>
        {
            monitor.Observe(0.5);
            return ValueTask.CompletedTask;
        });

        Assert.Equal(4000, monitor.Status.Count);
        Assert.Single(_changes);
    }

    [Fact]
    public void Options_ThatCannotBe_SayWhatToChange()
    {
        Assert.Contains("DriftOptions.Window", Assert.Throws<ArgumentException>(() => Monitor(o => o.Window = 5)).Message);
        Assert.Contains("DriftOptions.MinimumCount", Assert.Throws<ArgumentException>(() => Monitor(o => o.MinimumCount = 501)).Message);
        Assert.Contains("DriftOptions.Threshold", Assert.Throws<ArgumentException>(() => Monitor(o => o.Threshold = 0)).Message);
    }

    private DriftMonitor Monitor(Action<DriftOptions>? configure = null)
    {
        var options = new DriftOptions { TimeProvider = _clock, OnChange = _changes.Add };
        configure?.Invoke(options);
        return new(Labelled.Artefact(), options, LoggerFactory.Create(b => b.AddProvider(new FakeLoggerProvider(_log))));
    }
}
