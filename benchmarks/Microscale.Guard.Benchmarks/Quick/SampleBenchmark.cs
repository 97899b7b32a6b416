namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Five samples of one prompt over one: the best times of several turns.</summary>
internal sealed class SampleBenchmark : IQuickBenchmark
{
    private const int Rounds = 6;
    private const int PromptLength = 400;
    private const int AnswerLength = 48;

    public IReadOnlyList<string> Names { get; } = ["five-samples-ratio"];

    public IReadOnlyList<double> Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<double>> RunAsync()
    {
        using var bench = new EngineBench();
        using var engine = bench.Start();
        await EngineBench.RunAsync(engine, bench.NewPrompt(PromptLength), AnswerLength, 5);
        var (one, five) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            one = Math.Min(one, await EngineBench.RunAsync(engine, bench.NewPrompt(PromptLength), AnswerLength));
            five = Math.Min(five, await EngineBench.RunAsync(engine, bench.NewPrompt(PromptLength), AnswerLength, 5));
        }

        return [five / one];
    }
}
