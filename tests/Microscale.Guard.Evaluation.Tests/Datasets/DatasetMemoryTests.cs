namespace Microscale.Guard.Evaluation.Tests.Datasets;

[CollectionDefinition(nameof(DatasetMemoryTests), DisableParallelization = true)]
[Collection(nameof(DatasetMemoryTests))]
public class DatasetMemoryTests
{
    private const int Rows = 100_000;

    [Theory]
    [InlineData("rows.jsonl")]
    [InlineData("rows.csv")]
    public async Task Read_HundredThousandRows_KeepsFewInMemory(string name)
    {
        // Over 100 MB of text once read. Alone, so that no other test's memory is counted.
        var filler = new string('x', 500);
        using var file = new TemporaryFile(name);
        await File.WriteAllLinesAsync(file.Path, name.EndsWith(".csv", StringComparison.Ordinal)
            ? Enumerable.Range(0, Rows).Select(i => $"{i},{filler},true").Prepend("id,premise,supported").Select((l, i) => i == 0 ? $"{l},claim" : $"{l},c")
            : Enumerable.Range(0, Rows).Select(i => $$"""{"id": {{i}}, "premise": "{{filler}}", "claim": "c", "supported": true}"""));

        var (count, peak) = (0, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var row in DatasetReader.ReadGroundednessAsync(file.Path))
        {
            Assert.Equal(count.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Id);
            count++;
            if (count % 10_000 == 0)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(Rows, count);
        Assert.InRange(peak, long.MinValue, 8 * 1024 * 1024);
    }
}
