namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Measures one or more figures in some seconds.</summary>
internal interface IQuickBenchmark
{
    /// <summary>The names of the figures; asking for one of them runs the benchmark, which gives all of them.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Measures.</summary>
    /// <returns>A value for each name, in their order.</returns>
    IReadOnlyList<double> Run();
}
