using BenchmarkDotNet.Running;
using Microscale.Guard.Benchmarks.Quality;
using Microscale.Guard.Benchmarks.Quick;

// --quick [name...] prints one line a figure in a minute or two; all else goes to BenchmarkDotNet.
if (args is ["--quick", .. var names])
{
    return QuickBenchmarks.Run(names, Console.Out, Console.Error);
}

// --groundedness FOLDER CACHE measures the quality of verification on labelled answers.
if (args is ["--groundedness", var folder, var cache])
{
    return await GroundednessRun.RunAsync(folder, cache, Console.Out);
}

BenchmarkSwitcher.FromAssembly(typeof(QuickBenchmarks).Assembly).Run(args);
return 0;
