using System.Globalization;
using BenchmarkDotNet.Running;
using Microscale.Guard.Benchmarks;
using Microscale.Guard.Benchmarks.Quality;
using Microscale.Guard.Benchmarks.Quick;

// --quick [name...] prints one line a figure in some minutes; --soak [requests] sends many requests, 10,000 by default, and watches
// the memory; all else goes to BenchmarkDotNet.
if (args is ["--quick", .. var names])
{
    return QuickBenchmarks.Run(names, Console.Out, Console.Error);
}

// --groundedness FOLDER CACHEFILE measures the quality of verification on labelled answers.
if (args is ["--groundedness", var folder, var cache])
{
    return await GroundednessRun.RunAsync(folder, cache, Console.Out);
}

// --rag FOLDER CACHE COUNT measures the guarded local model on questions over passages.
if (args is ["--rag", var questions, var answers, var asked])
{
    return await RagRun.RunAsync(questions, answers, int.Parse(asked, CultureInfo.InvariantCulture), Console.Out);
}

// --confidence FILE CACHE COUNT measures the scorers on questions without evidence.
if (args is ["--confidence", var file, var replies, var number])
{
    return await ConfidenceRun.RunAsync(file, replies, int.Parse(number, CultureInfo.InvariantCulture), Console.Out);
}

if (args is ["--soak", .. var counts])
{
    return await Soak.RunAsync(counts is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 10_000, Console.Out);
}

BenchmarkSwitcher.FromAssembly(typeof(QuickBenchmarks).Assembly).Run(args);
return 0;
