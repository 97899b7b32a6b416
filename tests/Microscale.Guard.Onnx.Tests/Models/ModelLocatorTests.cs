namespace Microscale.Guard.Onnx.Tests.Models;

public sealed class ModelLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_ExplicitPath_WinsAndIsNotSearchedElsewhere()
    {
        var given = Make("elsewhere/mine");
        var variable = Make("env/m");

        Assert.Equal(given, Find("m", given, Path.GetDirectoryName(variable)));
        var missing = Assert.Throws<DirectoryNotFoundException>(() => Find("m", Full("elsewhere/typo"), Path.GetDirectoryName(variable)));
        Assert.Contains(Full("elsewhere/typo"), missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(variable, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_SeveralPlaces_LooksInTheDocumentedOrder()
    {
        var current = Make("work/models/m");
        Assert.Equal(current, Find("m"));
        var repository = Make("repo/models/m");
        Assert.Equal(repository, Find("m"));
        var beside = Make("repo/bin/app/models/m");
        Assert.Equal(beside, Find("m"));
        var second = Make("env2/m");
        var both = string.Join(Path.PathSeparator, Full("env1"), Full("env2"));
        Assert.Equal(second, Find("m", variable: both));
        var first = Make("env1/m");
        Assert.Equal(first, Find("m", variable: both));
    }

    [Fact]
    public void Find_Unknown_SaysNamePlacesAndRemedy()
    {
        var exception = Assert.Throws<DirectoryNotFoundException>(() => Find("no-such-model", variable: Full("env")));

        foreach (var place in new[] { "env/no-such-model", "repo/bin/app/models/no-such-model", "repo/models/no-such-model", "work/deep/models/no-such-model" })
        {
            Assert.Contains(Full(place), exception.Message, StringComparison.Ordinal);
        }

        Assert.Contains("\"no-such-model\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains(ModelLocator.EnvironmentVariable, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../m")]
    [InlineData("a/b")]
    [InlineData(" ")]
    public void Find_NotAName_Throws(string name) => Assert.Throws<ArgumentException>(() => Find(name));

    [Fact]
    public void Find_PublishedModel_IsFoundFromTheTestsFolder() =>
        Assert.True(File.Exists(Path.Combine(ModelLocator.Find(LocalModels.EmbeddingModel), "model.onnx")));

    private string Find(string name, string? path = null, string? variable = null)
    {
        Directory.CreateDirectory(Full("repo/bin/app"));
        Directory.CreateDirectory(Full("work/deep"));
        return ModelLocator.Find(name, path, variable, Full("repo/bin/app"), Full("work/deep"));
    }

    private string Full(string relative) => Path.GetFullPath(Path.Combine(_folder.Path, relative));

    private string Make(string relative) => Directory.CreateDirectory(Full(relative)).FullName;
}
