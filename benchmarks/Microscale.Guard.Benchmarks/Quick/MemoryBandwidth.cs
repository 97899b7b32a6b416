using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>How fast some threads together read memory that no cache holds.</summary>
internal sealed unsafe class MemoryBandwidth : IDisposable
{
    private const int Passes = 16;
    private const int ReadAhead = 4096;
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

    /// <summary>Bytes a second: the fastest of some passes, each from the first reader's begin to the last one's end. By the clocks of the
    /// readers: a thread beside them that the system holds back would see less time than they took.</summary>
    public double Measure()
    {
        var part = Length / (nuint)_threads / 256 * 256;
        var (begins, ends) = (new long[Passes * _threads], new long[Passes * _threads]);
        using var line = new Barrier(_threads);
        var readers = Enumerable.Range(0, _threads).Select(i => new Thread(() =>
        {
            for (var pass = 0; pass < Passes; pass++)
            {
                line.SignalAndWait();
                begins[(pass * _threads) + i] = Stopwatch.GetTimestamp();
                GC.KeepAlive(Read(_buffer + ((nuint)i * part), part));
                ends[(pass * _threads) + i] = Stopwatch.GetTimestamp();
            }
        })).ToList();
        readers.ForEach(r => r.Start());
        readers.ForEach(r => r.Join());
        return begins.Chunk(_threads).Zip(ends.Chunk(_threads), (begin, end) => part * (nuint)_threads / Stopwatch.GetElapsedTime(begin.Min(), end.Max()).TotalSeconds).Max();
    }

    public void Dispose() => NativeMemory.AlignedFree(_buffer);

    /// <summary>Four sums side by side, so that no load waits for another; where it can be, memory is asked for ahead, as the processor
    /// does by itself only to the end of a page.</summary>
    private static byte Read(byte* from, nuint length)
    {
        var (a, b, c, d) = (Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero);
        for (nuint i = 0; i < length; i += 256)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(from + i + ReadAhead);
                Sse.Prefetch0(from + i + ReadAhead + 64);
                Sse.Prefetch0(from + i + ReadAhead + 128);
                Sse.Prefetch0(from + i + ReadAhead + 192);
            }

            a |= Vector512.LoadAligned(from + i);
            b |= Vector512.LoadAligned(from + i + 64);
            c |= Vector512.LoadAligned(from + i + 128);
            d |= Vector512.LoadAligned(from + i + 192);
        }

        return (a | b | c | d)[0];
    }
}
