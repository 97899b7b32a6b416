using Microscale.Guard.Evaluation.Tests.Datasets;

namespace Microscale.Guard.Evaluation.Tests.Runs;

public class EvaluationRunTests
{
    [Fact]
    public async Task Run_SeveralPipelines_EvaluatesEachRowWithEach()
    {
        var results = await EvaluationRun.RunAsync(Pairs.Data(30), [new TestPipeline("a"), new TestPipeline("b")]);

        Assert.True(results.IsComplete);
        Assert.Equal(["a", "b"], results.Pipelines.Select(p => p.Name));
        Assert.All(results.Pipelines, p => Assert.Equal(Enumerable.Range(0, 30).Select(i => (long)i), p.Rows.Select(r => r.Row)));
    }

    [Fact]
    public async Task Run_CancelledInTheMiddle_ResumesAndEndsWithTheSameFigures()
    {
        using var file = new TemporaryFile("run.jsonl");
        var whole = await EvaluationRun.RunAsync(Pairs.Data(200), [new TestPipeline("a"), new TestPipeline("b")]);
        using var stop = new CancellationTokenSource();
        var before = 0;
        var stopping = new TestPipeline("a", _ =>
        {
            if (++before == 70)
            {
                stop.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => EvaluationRun.RunAsync(Pairs.Data(200), [stopping, new TestPipeline("b")], new RunOptions { JournalPath = file.Path }, stop.Token));
        Assert.InRange(RunResults.Load(file.Path).Count, 1, 399);

        var after = new List<int>();
        var resumed = await EvaluationRun.RunAsync(
            Pairs.Data(200), [new TestPipeline("a", r => after.Add(r.Number)), new TestPipeline("b")], new RunOptions { JournalPath = file.Path });

        Assert.InRange(after.Count, 1, 199);
        AssertSame(whole, resumed);
        AssertSame(whole, RunResults.Load(file.Path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task Run_LastLineCutOff_DoesThatRowAgain(int cut)
    {
        using var file = new TemporaryFile("run.jsonl");
        var options = new RunOptions { JournalPath = file.Path };
        var whole = await EvaluationRun.RunAsync(Pairs.Data(20), [new TestPipeline("a")], options);
        var bytes = await File.ReadAllBytesAsync(file.Path);
        await File.WriteAllBytesAsync(file.Path, bytes[..^cut]);
        Assert.Equal(19, RunResults.Load(file.Path).Count);

        var again = new List<int>();
        var resumed = await EvaluationRun.RunAsync(Pairs.Data(20), [new TestPipeline("a", r => again.Add(r.Number))], options);

        Assert.Equal([19], again);
        AssertSame(whole, resumed);
    }

    [Fact]
    public async Task Run_CompleteJournal_AsksNobody()
    {
        using var file = new TemporaryFile("run.jsonl");
        var options = new RunOptions { JournalPath = file.Path };
        await EvaluationRun.RunAsync(Pairs.Data(10), [new TestPipeline("a")], options);

        var results = await EvaluationRun.RunAsync(Pairs.Data(10), [new TestPipeline("a", _ => Assert.Fail("asked"))], options);

        Assert.Equal(10, results.Count);
    }

    [Fact]
    public async Task Run_LargerLimit_GoesOnWithTheSameRows()
    {
        using var file = new TemporaryFile("run.jsonl");
        var small = await EvaluationRun.RunAsync(Pairs.Data(100), [new TestPipeline("a")], new RunOptions { JournalPath = file.Path, Limit = 20, Seed = 5 });
        var asked = new List<int>();

        var large = await EvaluationRun.RunAsync(
            Pairs.Data(100), [new TestPipeline("a", r => asked.Add(r.Number))], new RunOptions { JournalPath = file.Path, Limit = 50, Seed = 5 });

        Assert.Equal((20, 50, 30), (small.Count, large.Count, asked.Count));
        Assert.Empty(small.Pipelines[0].Rows.Except(large.Pipelines[0].Rows));
        Assert.Equal(50, RunResults.Load(file.Path).Count);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("seed")]
    [InlineData("pipeline")]
    [InlineData("text")]
    public async Task Run_JournalOfAnotherRun_IsRefused(string difference)
    {
        using var file = new TemporaryFile("run.jsonl");
        await EvaluationRun.RunAsync(Pairs.Data(10), [new TestPipeline("a")], new RunOptions { JournalPath = file.Path });
        if (difference == "text")
        {
            await File.WriteAllTextAsync(file.Path, "something else\n");
        }

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => EvaluationRun.RunAsync(
            Pairs.Data(10, difference == "data" ? "other" : "h"),
            [new TestPipeline("a", (row, _) => ValueTask.FromResult(Pairs.Item(row)), difference == "pipeline" ? "changed" : "test")],
            new RunOptions { JournalPath = file.Path, Seed = difference == "seed" ? 1 : 0 }));

        Assert.Contains(file.Path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Concurrent_KeepsWithinTheBoundAndEndsWithTheSame()
    {
        var (running, most) = (0, 0);
        var pipeline = new TestPipeline("a", async (row, token) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return Pairs.Item(row);
        });

        var results = await EvaluationRun.RunAsync(Pairs.Data(500), [pipeline], new RunOptions { Concurrency = 4 });

        Assert.InRange(most, 1, 4);
        AssertSame(await EvaluationRun.RunAsync(Pairs.Data(500), [new TestPipeline("a")]), results);
    }

    [Fact]
    public async Task Run_HundredThousandRows_TakesNoMemoryForTheirTexts()
    {
        const int Rows = 100_000;
        long most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var pipeline = new TestPipeline("a", row =>
        {
            if (row.Number % 25_000 == 24_999)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        });

        // The texts are 400 MB in all; of a row some hundred bytes are kept.
        var results = await EvaluationRun.RunAsync(Pairs.Data(Rows, textLength: 2_000), [pipeline]);

        Assert.Equal(Rows, results.Count);
        Assert.InRange(most, 0, 100_000_000);
    }

    [Fact]
    public async Task Run_PipelineThrows_SaysWhichRowAndKeepsTheRest()
    {
        using var file = new TemporaryFile("run.jsonl");
        var options = new RunOptions { JournalPath = file.Path };
        var failing = new TestPipeline("a", row =>
        {
            if (row.Number == 7)
            {
                throw new InvalidOperationException("no answer");
            }
        });

        var exception = await Assert.ThrowsAsync<EvaluationException>(() => EvaluationRun.RunAsync(Pairs.Data(20), [failing], options));

        Assert.Equal("The pipeline 'a' failed on row 8: no answer", exception.Message);
        Assert.Equal(7, RunResults.Load(file.Path).Count);
        Assert.True((await EvaluationRun.RunAsync(Pairs.Data(20), [new TestPipeline("a")], options)).IsComplete);
    }

    [Fact]
    public async Task Run_Progress_SaysRateAndRemainingTime()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var reports = new Reports();
        var pipeline = new TestPipeline("a", _ => clock.Advance(TimeSpan.FromSeconds(2)));

        await EvaluationRun.RunAsync(Pairs.Data(10), [pipeline], new RunOptions { Progress = reports, TimeProvider = clock });

        Assert.Equal(10, reports.All.Count);
        Assert.Equal(new RunProgress(4, 10, 0.5, TimeSpan.FromSeconds(12)), reports.All[3]);
        Assert.Equal(TimeSpan.Zero, reports.All[^1].Remaining);
    }

    [Fact]
    public async Task Run_WithoutTexts_KeepsNone()
    {
        using var file = new TemporaryFile("run.jsonl");

        var results = await EvaluationRun.RunAsync(Pairs.Data(20), [new TestPipeline("a")], new RunOptions { JournalPath = file.Path, KeepTexts = false });

        Assert.DoesNotContain("Question", await File.ReadAllTextAsync(file.Path), StringComparison.Ordinal);
        Assert.All(results.Pipelines[0].AcceptedErrors, i => Assert.Null(i.Question));
    }

    [Fact]
    public async Task Run_TwoPipelinesOfOneName_Throws() => await Assert.ThrowsAsync<ArgumentException>(
        () => EvaluationRun.RunAsync(Pairs.Data(1), [new TestPipeline("a"), new TestPipeline("a")]));

    [Fact]
    public void Sample_SameSeed_TakesTheSameRowsAndOtherSeedsOthers()
    {
        Assert.Equal(Taken(3), Taken(3));
        Assert.NotEqual(Taken(3), Taken(4));
        Assert.Equal(25, Taken(3).Length);

        static long[] Taken(long seed)
        {
            var sample = RowSample.Of(1000, 25, seed);
            return [.. Enumerable.Range(0, 1000).Select(i => (long)i).Where(sample.Contains)];
        }
    }

    private static void AssertSame(RunResults expected, RunResults actual)
    {
        foreach (var (one, other) in expected.Pipelines.Zip(actual.Pipelines))
        {
            Assert.Equal(one.Rows, other.Rows);
            Assert.Equal(RunFigures.Of(one) with { Seconds = 0 }, RunFigures.Of(other) with { Seconds = 0 });
            Assert.Equal(one.AcceptedErrors.Select(i => i.Row), other.AcceptedErrors.Select(i => i.Row));
            Assert.Equal(one.WithheldTruths.Select(i => i.Row), other.WithheldTruths.Select(i => i.Row));
        }
    }

    private static void InterlockedMax(ref int location, int value)
    {
        for (var seen = location; seen < value;)
        {
            seen = Interlocked.CompareExchange(ref location, value, seen) is var found && found == seen ? value : found;
        }
    }
}
