using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>How fast some threads together read memory that no cache holds.</summary>
internal sealed unsafe class MemoryBandwidth : IDisposable
{
    private const int Passes = 3;
    private const nuint Length = 512 << 20;

    private readonly int _threads;

    // Outside of the managed heap, as weights are.
    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(Length, 4096);

    public MemoryBandwidth(int threads)
    {
        _threads = threads;

        // Memory that was never written may be one page of zeros.
        new Span<byte>(_buffer, (int)Length).Fill(1);
    }

    /// <summary>Bytes a second: the fastest of some passes.</summary>
    public double Measure()
    {
        var part = Length / (nuint)_threads / 256 * 256;
        using var line = new Barrier(_threads + 1);
        var readers = Enumerable.Range(0, _threads).Select(i => new Thread(() =>
        {
            for (var pass = 0; pass < Passes; pass++)
            {
                line.SignalAndWait();
                GC.KeepAlive(Read(_buffer + ((nuint)i * part), part));
                line.SignalAndWait();
            }
        })).ToList();
        readers.ForEach(r => r.Start());
        var best = 0.0;
        for (var pass = 0; pass < Passes; pass++)
        {
            line.SignalAndWait();
            var start = Stopwatch.GetTimestamp();
            line.SignalAndWait();
            best = Math.Max(best, part * (nuint)_threads / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        readers.ForEach(r => r.Join());
        return best;
    }

    public void Dispose() => NativeMemory.AlignedFree(_buffer);

    /// <summary>Four sums side by side, so that no load waits for another.</summary>
    private static byte Read(byte* from, nuint length)
    {
        var (a, b, c, d) = (Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero);
        for (nuint i = 0; i < length; i += 256)
        {
            a |= Vector512.LoadAligned(from + i);
            b |= Vector512.LoadAligned(from + i + 64);
            c |= Vector512.LoadAligned(from + i + 128);
            d |= Vector512.LoadAligned(from + i + 192);
        }

        return (a | b | c | d)[0];
    }
}
