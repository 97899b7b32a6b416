namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What exact steps cost: their time over that of plain steps.</summary>
internal sealed class ExactStepBenchmark : IQuickBenchmark
{
    private const int Rounds = 12;

    public IReadOnlyList<string> Names { get; } = ["decode-exact-ratio"];

    public IReadOnlyList<double> Run()
    {
        var threads = Math.Min(2, Environment.ProcessorCount);
        using var plainSteps = new DecodeBench(128, threads);
        using var exactSteps = new DecodeBench(128, threads, exact: true);
        var (plain, exact) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            plain = Math.Min(plain, plainSteps.RunRound().Seconds);
            exact = Math.Min(exact, exactSteps.RunRound().Seconds);
        }

        return [exact / plain];
    }
}
