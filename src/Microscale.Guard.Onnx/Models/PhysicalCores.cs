namespace Microscale.Guard.Onnx;

/// <summary>How many cores the process may keep busy.</summary>
internal static class PhysicalCores
{
    private const string Topology = "/sys/devices/system/cpu";

    /// <summary>Physical cores, and no more than the processors that the process may use (a container may have fewer).</summary>
    public static int Count { get; } = Math.Clamp(Read(), 1, Environment.ProcessorCount);

    /// <summary>Two threads on one core share its arithmetic units, so a second one brings nothing to a matrix product.
    /// Linux says which processors share a core; elsewhere x64 processors are taken to have two threads a core.</summary>
    private static int Read()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var cores = Directory.EnumerateDirectories(Topology, "cpu*")
                    .Select(d => Path.Combine(d, "topology", "thread_siblings_list"))
                    .Where(File.Exists)
                    .Select(f => File.ReadAllText(f).Trim())
                    .Distinct(StringComparer.Ordinal)
                    .Count();
                return cores > 0 ? cores : Environment.ProcessorCount;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }

        var twoThreads = OperatingSystem.IsWindows()
            && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;
        return twoThreads ? Environment.ProcessorCount / 2 : Environment.ProcessorCount;
    }
}
