namespace Microscale.Guard.Onnx.Tests.Decoding.Direct;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public void Run_ManyTimes_DoesEachPartOnceAndPhasesInTurn(int threads, bool spins)
    {
        var work = new CountingWork();
        using var team = new WorkerTeam(work, threads, spins);
        for (var run = 0; run < 200; run++)
        {
            work.Begin(parts: 1 + (run % 7));
            team.Run();
            work.AssertComplete();
            if (run % 50 == 0)
            {
                // The others fall asleep and have to be woken.
                Thread.Sleep(10);
            }
        }
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public void Run_ChangingNumberOfThreads_DoesEachPartOnce(int threads, bool spins)
    {
        var work = new CountingWork();
        using var team = new WorkerTeam(work, threads, spins);
        for (var run = 0; run < 300; run++)
        {
            work.Begin(parts: 1 + (run % 7));
            team.Run(1 + (run / 10 % threads));
            work.AssertComplete();
            if (run % 50 == 0)
            {
                Thread.Sleep(10);
            }
        }
    }

    [Fact]
    public void Run_OneThread_DoesAllOnTheCallers()
    {
        var work = new CountingWork();
        using var team = new WorkerTeam(work, 3, spins: false);
        work.Begin(3);
        team.Run(1);
        Thread.Sleep(20);

        work.Begin(3);
        team.Run(1);

        work.AssertComplete();
        Assert.Equal([Environment.CurrentManagedThreadId], work.Threads);
    }

    [Fact]
    public void Run_PartThatFails_ThrowsAndGoesOnWithTheNextRun()
    {
        var work = new CountingWork { Fails = true };
        using var team = new WorkerTeam(work, 2, spins: true);
        work.Begin(3);
        var exception = Assert.Throws<InvalidOperationException>(team.Run);
        Assert.IsType<ArithmeticException>(exception.InnerException);

        work.Fails = false;
        work.Begin(3);
        team.Run();
        work.AssertComplete();
    }

    /// <summary>Counts parts; a part that begins before the phase before it is done is a fault.</summary>
    private sealed class CountingWork : PhasedWork
    {
        private int[] _done = [];
        private readonly System.Collections.Concurrent.ConcurrentDictionary<int, bool> _by = new();
        private int _parts;

        public bool Fails { get; set; }

        public override int Phases => 5;

        /// <summary>The threads that did parts.</summary>
        public IReadOnlyCollection<int> Threads => [.. _by.Keys];

        public void Begin(int parts)
        {
            (_parts, _done) = (parts, new int[Phases]);
            _by.Clear();
        }

        public void AssertComplete() => Assert.Equal(Enumerable.Range(0, Phases).Select(Parts), _done);

        public override int Parts(int phase) => phase == 2 ? _parts : 4;

        public override void Prepare(int phase, int thread) => AssertBefore(phase);

        public override void Do(int phase, int part, int thread)
        {
            if (Fails && phase == 1 && part == 2)
            {
                throw new ArithmeticException("part");
            }

            AssertBefore(phase);
            _by[Environment.CurrentManagedThreadId] = true;
            Thread.SpinWait(part * 20);
            Interlocked.Increment(ref _done[phase]);
        }

        private void AssertBefore(int phase)
        {
            if (!Fails && phase > 0 && Volatile.Read(ref _done[phase - 1]) != Parts(phase - 1))
            {
                throw new InvalidOperationException("Too early.");
            }
        }
    }
}
