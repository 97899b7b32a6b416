namespace Microscale.Guard.Evaluation.Tests.Datasets;

/// <summary>The rows that ship in the repository's data folder.</summary>
public class SampleDataTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data");

    [Theory]
    [InlineData("groundedness-begin-wow.jsonl", 200, 83)]
    [InlineData("groundedness-summedits.jsonl", 40, 20)]
    public async Task Groundedness_CanBeRead(string name, int rows, int supported)
    {
        var read = await DatasetReader.ReadGroundednessAsync(Path.Combine(Folder, name)).ToListAsync();
        Assert.Equal((rows, supported), (read.Count, read.Count(r => r.IsSupported)));
    }

    [Fact]
    public async Task Passages_CanBeRead()
    {
        var read = await DatasetReader.ReadPassagesAsync(Path.Combine(Folder, "rag-clapnq.jsonl")).ToListAsync();
        Assert.Equal((60, 30), (read.Count, read.Count(r => r.IsAnswerable)));
        Assert.All(read, r => Assert.Equal(r.IsAnswerable, r.Answers.Count > 0));
    }

    [Fact]
    public async Task Questions_CanBeRead()
    {
        var read = await DatasetReader.ReadQuestionsAsync(Path.Combine(Folder, "qa.csv")).ToListAsync();
        Assert.Equal((24, 16), (read.Count, read.Count(r => r.IsAnswerable)));
        Assert.All(read, r => Assert.Equal(r.IsAnswerable, r.Answers.Count > 0));
    }

    [Fact]
    public async Task Entailment_CanBeRead() => Assert.Equal(
        [4, 4, 4],
        (await DatasetReader.ReadEntailmentAsync(Path.Combine(Folder, "nli.csv")).ToListAsync()).CountBy(r => r.Label).Select(c => c.Value));

    [Fact]
    public async Task Schemas_CanBeRead()
    {
        var read = await DatasetReader.ReadSchemasAsync(Path.Combine(Folder, "json-schema.jsonl")).ToListAsync();
        Assert.Equal((6, 21), (read.Count, read.Sum(r => r.Tests.Count)));
    }
}
