namespace Microscale.Guard.Onnx;

/// <summary>The caller's thread and some more that do a <see cref="PhasedWork"/> over and over.</summary>
/// <remarks>
/// Threads take parts one by one, so a thread that the system holds back delays no more than the part it has; every other thread
/// takes them from the end, so that each has the same from run to run. Phases take microseconds, so threads never sleep within a
/// run; they spin, and without spinning let others go first. After a run they sleep, after a moment if they may spin. For one
/// caller at a time; nothing is allocated in a run.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>The number of a part of a phase that nobody may begin.</summary>
    private const long Closed = (1L << PartBits) - 1;
    private const int PartBits = 2 * EndBits;
    private const int EndBits = 16;

    /// <summary>Numbers of phases begin anew at a run that would exceed it, long before they could be too large.</summary>
    private const long LastNumber = 1L << 30;

    /// <summary>Some tens of microseconds; then the thread that is waited for may need the processor.</summary>
    private const int SpinsBeforeYield = 1_000;

    /// <summary>As long as the choice of a token takes.</summary>
    private const int SpinsBeforeSleep = 10_000;

    private readonly PhasedWork _work;
    private readonly bool _spins;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>The number of the phase, how many parts were taken from the end, and how many from the beginning.</summary>
    private long _ticket = Closed;
    private int _done;
    private int _sleeping;
    private volatile bool _ended;

    /// <summary>Threads with this number or a higher one take no part now.</summary>
    private volatile int _active;
    private volatile Exception? _fault;

    /// <param name="work">The work.</param>
    /// <param name="threads">How many threads, the caller's included.</param>
    /// <param name="spins">Whether threads that wait spin.</param>
    public WorkerTeam(PhasedWork work, int threads, bool spins)
    {
        (_work, _spins, _active) = (work, spins, threads);
        _threads = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Work(i)) { IsBackground = true, Name = "Microscale.Guard decoder team" })];
        Array.ForEach(_threads, t => t.UnsafeStart());
    }

    /// <summary>The most parts of a phase.</summary>
    public static int MostParts => (1 << EndBits) - 1;

    /// <summary>How many threads there are, the caller's included.</summary>
    public int Size => _threads.Length + 1;

    /// <summary>Does all phases with all threads.</summary>
    public void Run() => Run(Size);

    /// <summary>Does all phases.</summary>
    /// <param name="active">How many threads do them, from 1 (the caller's) to <see cref="Size"/>; the others sleep.</param>
    public void Run(int active)
    {
        _active = active;
        var first = Volatile.Read(ref _ticket) >> PartBits;
        first = first > LastNumber ? 0 : first;
        Interlocked.Exchange(ref _ticket, first << PartBits);
        if (Volatile.Read(ref _sleeping) > Size - active && Interlocked.Exchange(ref _sleeping, 0) is var sleeping and > 0)
        {
            _wake.Release(sleeping);
        }

        for (var (prepared, spins) = (-1L, 0); Volatile.Read(ref _ticket) >> PartBits < first + _work.Phases;)
        {
            spins = TryDoPart(0, ref prepared) ? 0 : Wait(spins);
        }

        if (_fault is { } fault)
        {
            _fault = null;
            throw new InvalidOperationException("A step of the decoder failed.", fault);
        }
    }

    public void Dispose()
    {
        _ended = true;
        Array.ForEach(_threads, _ => _wake.Release());
        Array.ForEach(_threads, t => t.Join());
        _wake.Dispose();
    }

    /// <summary>Whether there is nothing to do for a thread.</summary>
    private bool IsIdle(int thread) => thread >= _active || (Volatile.Read(ref _ticket) & Closed) == Closed;

    private void Work(int thread)
    {
        for (var (prepared, spins) = (-1L, 0); !_ended;)
        {
            if (thread < _active && TryDoPart(thread, ref prepared))
            {
                spins = 0;
            }
            else if (IsIdle(thread) && (thread >= _active || !_spins || spins > SpinsBeforeSleep))
            {
                Sleep(thread);
                (prepared, spins) = (-1, 0);
            }
            else
            {
                spins = Wait(spins);
            }
        }
    }

    private int Wait(int spins)
    {
        if (!_spins || spins % SpinsBeforeYield == SpinsBeforeYield - 1)
        {
            Thread.Yield();
        }
        else
        {
            Thread.SpinWait(1);
        }

        return spins + 1;
    }

    /// <summary>A run that begins meanwhile either sees the thread among those that sleep, or is seen by it.</summary>
    private void Sleep(int thread)
    {
        Interlocked.Increment(ref _sleeping);
        if (IsIdle(thread) || !TryStayAwake())
        {
            _wake.Wait();
        }
    }

    private bool TryStayAwake()
    {
        for (var sleeping = Volatile.Read(ref _sleeping); sleeping > 0; sleeping = Volatile.Read(ref _sleeping))
        {
            if (Interlocked.CompareExchange(ref _sleeping, sleeping - 1, sleeping) == sleeping)
            {
                return true;
            }
        }

        // The run has released a place for each that slept.
        return false;
    }

    /// <summary>Takes the next part of the phase, if one is left.</summary>
    private bool TryDoPart(int thread, ref long prepared)
    {
        var ticket = Volatile.Read(ref _ticket);
        var (number, fromEnd, fromStart) = (ticket >> PartBits, (ticket >> EndBits) & MostParts, ticket & MostParts);
        var phase = (int)(number % _work.Phases);
        var parts = _work.Parts(phase);
        var (part, taken) = thread % 2 == 0 ? (fromStart, ticket + 1) : (parts - 1 - fromEnd, ticket + (1 << EndBits));

        // Nothing can have changed in between when the ticket is still the same.
        if (fromStart + fromEnd >= parts || Interlocked.CompareExchange(ref _ticket, taken, ticket) != ticket)
        {
            return fromStart + fromEnd < parts;
        }

        try
        {
            if (prepared != number)
            {
                _work.Prepare(phase, thread);
                prepared = number;
            }

            _work.Do(phase, (int)part, thread);
        }
        catch (Exception exception)
        {
            _fault = exception;
        }

        if (Interlocked.Increment(ref _done) == parts)
        {
            _done = 0;
            Volatile.Write(ref _ticket, ((number + 1) << PartBits) | (phase == _work.Phases - 1 ? Closed : 0));
        }

        return true;
    }
}
