using System.Runtime.CompilerServices;

namespace Microscale.Guard.Evaluation.Tests.Runs;

/// <summary>A row of the tests: its place, and a text that takes memory.</summary>
internal sealed record TestRow(int Number, string Text);

/// <summary>Rows without end, and pipelines over them whose results depend on the row alone.</summary>
internal static class Pairs
{
    public static EvaluationData<TestRow> Data(int count, string hash = "h", int textLength = 0) =>
        new("qa", "rows.jsonl", token => Rows(count, textLength, token), hash);

    /// <summary>Every third row is false; its score is mostly lower.</summary>
    public static EvaluationItem Item(TestRow row) => new()
    {
        Pipeline = "",
        Row = 0,
        Score = row.Number * 7919 % 1000 / 1000.0 * (row.Number % 3 == 0 ? 0.7 : 1),
        IsTrue = row.Number % 3 != 0,
        IsAccepted = row.Number % 5 != 0,
        IsRight = row.Number % 3 != 0 && row.Number % 5 != 0,
        Group = $"g{row.Number / 2}",
        Question = $"Question {row.Number}?",
        Answer = $"Answer {row.Number}.",
        Expected = "else",
    };

    private static async IAsyncEnumerable<TestRow> Rows(int count, int textLength, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 64 == 0)
            {
                await Task.Yield();
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new(i, new string('x', textLength));
        }
    }
}

/// <summary>A pipeline that is a function.</summary>
internal sealed class TestPipeline(string name, Func<TestRow, CancellationToken, ValueTask<EvaluationItem>> evaluate, string fingerprint = "test") : IEvaluationPipeline<TestRow>
{
    public TestPipeline(string name, Action<TestRow>? onRow = null)
        : this(name, (row, _) =>
        {
            onRow?.Invoke(row);
            return ValueTask.FromResult(Pairs.Item(row));
        })
    {
    }

    public string Name => name;

    public string Fingerprint => fingerprint;

    public ValueTask<EvaluationItem> EvaluateAsync(TestRow row, CancellationToken cancellationToken = default) => evaluate(row, cancellationToken);
}

/// <summary>Remembers what is reported, at once.</summary>
internal sealed class Reports : IProgress<RunProgress>
{
    public List<RunProgress> All { get; } = [];

    public void Report(RunProgress value) => All.Add(value);
}
