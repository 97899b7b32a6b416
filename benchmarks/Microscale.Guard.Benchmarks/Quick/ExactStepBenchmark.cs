namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What exact steps cost: their time over that of plain steps.</summary>
internal sealed class ExactStepBenchmark : IQuickBenchmark
{
    private const int Rounds = 12;

    public IReadOnlyList<string> Names { get; } = ["decode-exact-ratio"];

    public IReadOnlyList<double> Run()
    {
        using var decode = new DecodeBench(128, Math.Min(2, Environment.ProcessorCount));
        decode.RunRound();
        var (plain, exact) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            plain = Math.Min(plain, decode.RunRound().Seconds);
            exact = Math.Min(exact, decode.RunRound(exact: true).Seconds);
        }

        return [exact / plain];
    }
}
