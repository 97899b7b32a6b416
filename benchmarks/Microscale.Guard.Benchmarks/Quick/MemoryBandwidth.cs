using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>How fast some threads together read memory that no cache holds.</summary>
internal sealed class MemoryBandwidth(int threads)
{
    private const int Passes = 3;

    private readonly ulong[] _buffer = Filled((256 << 20) / sizeof(ulong));

    /// <summary>Bytes a second, measured once.</summary>
    public double Measure()
    {
        using var start = new Barrier(threads + 1);
        var part = _buffer.Length / threads;
        var readers = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            var sum = Vector<ulong>.Zero;
            for (var pass = 0; pass < Passes; pass++)
            {
                sum ^= Read(_buffer.AsSpan(i * part, part));
            }

            GC.KeepAlive(sum);
        })).ToList();
        readers.ForEach(r => r.Start());
        start.SignalAndWait();
        var began = Stopwatch.GetTimestamp();
        readers.ForEach(r => r.Join());
        return Passes * (double)part * threads * sizeof(ulong) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Four sums side by side, so that no load waits for another.</summary>
    private static Vector<ulong> Read(ReadOnlySpan<ulong> data)
    {
        ref var first = ref MemoryMarshal.GetReference(data);
        var width = (nuint)Vector<ulong>.Count;
        var (a, b, c, d) = (Vector<ulong>.Zero, Vector<ulong>.Zero, Vector<ulong>.Zero, Vector<ulong>.Zero);
        for (nuint i = 0; i + (4 * width) <= (nuint)data.Length; i += 4 * width)
        {
            a ^= Vector.LoadUnsafe(ref first, i);
            b ^= Vector.LoadUnsafe(ref first, i + width);
            c ^= Vector.LoadUnsafe(ref first, i + (2 * width));
            d ^= Vector.LoadUnsafe(ref first, i + (3 * width));
        }

        return a ^ b ^ c ^ d;
    }

    /// <summary>Memory that was never written may be one page of zeros.</summary>
    private static ulong[] Filled(int length)
    {
        var buffer = new ulong[length];
        for (var i = 0; i < length; i++)
        {
            buffer[i] = (ulong)i * 0x9E3779B97F4A7C15;
        }

        return buffer;
    }
}
