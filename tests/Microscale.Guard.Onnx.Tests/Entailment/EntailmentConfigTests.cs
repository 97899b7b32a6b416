using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Entailment;

public sealed class EntailmentConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OtherOrderOfLabels_IsFollowed()
    {
        var config = Load("""{"id2label":{"0":"CONTRADICTION","1":"neutral","2":"entailment"},"max_length":128}""");

        Assert.Equal(new EntailmentConfig(Entailment: 2, Neutral: 1, Contradiction: 0, MaxTokens: 128), config);
    }

    [Fact]
    public void Load_NoLength_Takes320() =>
        Assert.Equal(320, Load("""{"id2label":{"0":"entailment","1":"neutral","2":"contradiction"}}""").MaxTokens);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"id2label":{"0":"entailment","1":"not_entailment"}}""")]
    [InlineData("""{"id2label":{"0":"entailment","1":"neutral","3":"contradiction"}}""")]
    [InlineData("""{"id2label":{"0":"LABEL_0","1":"LABEL_1","2":"LABEL_2"}}""")]
    [InlineData("""{"id2label":{"0":"entailment","1":"neutral","2":"contradiction","3":"entailment"}}""")]
    [InlineData("""{"id2label":{"0":"entailment","1":"neutral","2":"contradiction"},"max_length":1}""")]
    public void Load_NotAnEntailmentModel_IsRefused(string json) =>
        Assert.Equal(["config.json"], Assert.Throws<ModelFolderException>(() => Load(json)).WrongFiles);

    private EntailmentConfig Load(string json)
    {
        _folder.Write("config.json", json);
        return EntailmentConfig.Load(ModelFolder.Open(_folder.Path, verifyChecksums: false));
    }
}
