using Microscale.Guard.Cli.Documents;

namespace Microscale.Guard.Cli.Tests.Documents;

public sealed class DocumentReaderTests
{
    [Fact]
    public async Task ReadAsync_Folder_ReadsTextFilesBelowItInOrder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.md", "Second.");
        folder.Write("a/one.txt", "First.");
        folder.Write("picture.png", "no");

        var documents = await DocumentReader.ReadAsync([folder.Path], TestContext.Current.CancellationToken);

        Assert.Equal([("a/one.txt", "First."), ("b.md", "Second.")], documents.Select(d => (d.Id, d.Text)));
    }

    [Fact]
    public async Task ReadAsync_JsonLines_ReadsFields()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("facts.jsonl", """
            {"id": "bees", "text": "Bees dance.", "source": "Bee book", "url": "https://example.org/bees"}

            {"text": "Gold is heavy."}
            """);

        var documents = await DocumentReader.ReadAsync([path], TestContext.Current.CancellationToken);

        Assert.Equal(["bees", "facts.jsonl:3"], documents.Select(d => d.Id));
        Assert.Equal("Bee book", documents[0].Source);
        Assert.Equal("https://example.org/bees", documents[0].Url?.ToString());
    }

    [Fact]
    public async Task ReadAsync_OtherJson_ReadsItsText()
    {
        using var folder = new TemporaryFolder();
        folder.Write("settings.json", """{"port": 8080}""");

        var documents = await DocumentReader.ReadAsync([folder.Path], TestContext.Current.CancellationToken);

        Assert.Equal(["""{"port": 8080}"""], documents.Select(d => d.Text));
    }

    [Fact]
    public async Task ReadAsync_SameNameTwice_KeepsBoth()
    {
        using var folder = new TemporaryFolder();

        var documents = await DocumentReader.ReadAsync(
            [folder.Write("a/x.txt", "One."), folder.Write("b/x.txt", "Two.")], TestContext.Current.CancellationToken);

        Assert.Equal(["x.txt", "x.txt (2)"], documents.Select(d => d.Id));
    }

    [Theory]
    [InlineData("broken.jsonl", "{\"text\": \"a\"}\n{\"text\"", "line 2")]
    [InlineData("array.json", "[{\"text\": \"a\"}, {\"words\": 1}]", "item 2")]
    [InlineData("zero.txt", "a\0b", "not a file of text")]
    public async Task ReadAsync_BadFile_NamesTheFileAndThePlace(string name, string text, string place)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(name, text);

        var exception = await Assert.ThrowsAsync<BadInputException>(() => DocumentReader.ReadAsync([path], TestContext.Current.CancellationToken));

        Assert.Contains(name, exception.Message);
        Assert.Contains(place, exception.Message);
    }

    [Fact]
    public async Task ReadAsync_NothingThere_SaysSo()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsAsync<BadInputException>(() => DocumentReader.ReadAsync([folder.Path], TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<BadInputException>(() => DocumentReader.ReadAsync([folder.Path + "/none"], TestContext.Current.CancellationToken));
    }
}
