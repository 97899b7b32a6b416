namespace Microscale.Guard.Onnx;

/// <summary>Counts the runs of encoders that are under way in the process, such as those of a verifier while the next sentence is
/// generated.</summary>
/// <remarks>An encoder keeps all cores busy. Threads of a decoder beside it are held back by turns, and each that is makes the
/// others wait some dozens of times a token; with fewer threads it waits less, and the encoder ends sooner. Safe for concurrent callers.</remarks>
internal static class EncoderRuns
{
    private static int s_count;

    /// <summary>Whether there is one.</summary>
    public static bool AreUnderWay => Volatile.Read(ref s_count) > 0;

    /// <summary>A run begins.</summary>
    public static void Begin() => Interlocked.Increment(ref s_count);

    /// <summary>A run ends, well or not.</summary>
    public static void End() => Interlocked.Decrement(ref s_count);
}
