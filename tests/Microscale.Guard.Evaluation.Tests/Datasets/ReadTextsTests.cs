namespace Microscale.Guard.Evaluation.Tests.Datasets;

public class ReadTextsTests
{
    [Fact]
    public async Task ReadTexts_StatedField_OfEachRow()
    {
        using var file = new TemporaryFile("log.csv", "when,prompt\n1,Who?\n2,Where?\n");
        Assert.Equal(["Who?", "Where?"], await DatasetReader.ReadTextsAsync(file.Path, "prompt").ToListAsync());
        await Assert.ThrowsAsync<InvalidDataException>(async () => await DatasetReader.ReadTextsAsync(file.Path, "question").ToListAsync());
    }
}
