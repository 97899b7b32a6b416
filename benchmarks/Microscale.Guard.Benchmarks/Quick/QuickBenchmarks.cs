using System.Globalization;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The list of quick benchmarks: add a benchmark here.</summary>
internal static class QuickBenchmarks
{
    private static readonly IReadOnlyList<IQuickBenchmark> s_all =
    [
        new DecodeShareBenchmark(contextLength: 128),
        new DecodeShareBenchmark(contextLength: 1024),
        new ExactStepBenchmark(),
        new RetrievalBenchmark(),
        new EntailmentPairBenchmark(),
        new EntailmentAnswerBenchmark(),
        new SampleBenchmark(),
        new PrefixCacheBenchmark(),
        new ConcurrencyBenchmark(),
        new AnalyzerCostBenchmark(),
        new MaskBenchmark(),
        new ConstrainedDecodeBenchmark(),
    ];

    /// <summary>Runs the named benchmarks, or all, and writes a line "name value" for each figure.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyCollection<string> names, TextWriter output, TextWriter error)
    {
        var unknown = names.Except(s_all.SelectMany(b => b.Names)).ToList();
        if (unknown.Count > 0)
        {
            error.WriteLine($"Unknown: {string.Join(", ", unknown)}. The quick benchmarks are:");
            foreach (var known in s_all.SelectMany(b => b.Names))
            {
                error.WriteLine("  " + known);
            }

            return 2;
        }

        foreach (var benchmark in s_all.Where(b => names.Count == 0 || b.Names.Intersect(names).Any()))
        {
            foreach (var (name, value) in benchmark.Names.Zip(benchmark.Run()))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
            }
        }

        return 0;
    }
}
