namespace Microscale.Guard.Onnx.Tests.Models;

/// <summary>The weights in the repository are those that were published.</summary>
public sealed class PublishedModelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string EmbeddingModel => TestModels.Embedding.Path;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Repository_AllModels_HaveTheirChecksums()
    {
        var models = Directory.GetDirectories(Path.Combine(Repository(), "models"));

        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            ModelFolder.Open(model).Require("model.onnx", "README.md", "LICENSE");
        }
    }

    [Fact]
    public void Create_CorruptedWeights_NamesFileAndRemedy()
    {
        _folder.CopyModel(EmbeddingModel, "model.onnx", "vocab.txt", "SHA256SUMS");
        LocalModels.CreateEmbeddingGenerator(_folder.Path).Dispose();
        _folder.FlipBit("model.onnx", 10_000_000);

        var exception = Assert.Throws<ModelFolderException>(() => LocalModels.CreateEmbeddingGenerator(_folder.Path));
        Assert.Equal(["model.onnx"], exception.WrongFiles);
        Assert.Contains("wrong: model.onnx. Restore", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoVocabulary_NamesFileAndRemedy()
    {
        _folder.CopyModel(EmbeddingModel, "model.onnx", "SHA256SUMS");

        var exception = Assert.Throws<ModelFolderException>(() => LocalModels.CreateEmbeddingGenerator(_folder.Path));
        Assert.Equal(["vocab.txt"], exception.MissingFiles);
        Assert.Contains("missing: vocab.txt. Restore", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_UnverifiedAndCutShort_NamesFileAndRemedy()
    {
        _folder.CopyModel(EmbeddingModel, "vocab.txt");
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.onnx"), File.ReadAllBytes(Path.Combine(EmbeddingModel, "model.onnx"))[..1_000_000]);

        using var generator = new OnnxEmbeddingGenerator(ModelFolder.Open(_folder.Path, verifyChecksums: false));
        var exception = await Assert.ThrowsAsync<ModelFolderException>(() => generator.LoadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["model.onnx"], exception.WrongFiles);
        Assert.NotNull(exception.InnerException);
    }

    [Fact]
    public void Create_VocabularyOfAnotherModel_IsRefused()
    {
        _folder.CopyModel(EmbeddingModel, "model.onnx");
        _folder.Write("vocab.txt", "<s>\n<pad>\n</s>\n<unk>\na\n");

        var exception = Assert.Throws<ModelFolderException>(() => new OnnxEmbeddingGenerator(ModelFolder.Open(_folder.Path, verifyChecksums: false)));
        Assert.Equal(["vocab.txt"], exception.WrongFiles);
        Assert.Contains("[CLS]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_UnknownPath_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => LocalModels.CreateEntailmentModel(Path.Combine(_folder.Path, "none")));

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Microscale.Guard.sln")))
        {
            at = at.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside of the repository.");
        }

        return at.FullName;
    }
}
