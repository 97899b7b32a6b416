using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Models;

public class LocalCalibrationsTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public void Load_EachName_IsAnArtefactThatNamesItsData(string name)
    {
        var calibration = LocalCalibrations.Load(name);

        Assert.NotNull(calibration.Data);
        Assert.NotNull(calibration.Data.Hash);
        Assert.Contains("of the groups", calibration.Data.Split, StringComparison.Ordinal);
        Assert.True(calibration.Data.TestCount >= CalibrationArtefact.MinimumCount);
    }

    [Fact]
    public void Load_OtherName_SaysWhichThereAre() =>
        Assert.Contains("claims", Assert.Throws<ArgumentException>(() => LocalCalibrations.Load("poems")).Message, StringComparison.Ordinal);

    [Fact]
    public void Claims_DefaultVerifier_TakesTheirThreshold()
    {
        var options = new EntailmentVerifierOptions().SupportToMeet(0.2, LocalCalibrations.Load(LocalCalibrations.Claims));

        Assert.InRange(options.SupportThreshold, 0.5, 1);
        Assert.Throws<InvalidOperationException>(
            () => new EntailmentVerifierOptions { WindowWords = 60 }.SupportToMeet(0.2, LocalCalibrations.Load(LocalCalibrations.Claims)));
    }

    [Fact]
    public void ShortQuestions_ItsScorer_IsCalibratedAndOthersAreRefused()
    {
        var calibration = LocalCalibrations.Load(LocalCalibrations.ShortQuestions);

        Assert.Equal(LocalModels.ChatModel, calibration.Pipeline.Model);
        Assert.NotNull(Confidence.TokenProbability().CalibratedBy(calibration));
        Assert.Throws<InvalidOperationException>(() => Confidence.Perplexity().CalibratedBy(calibration));
    }

    [Fact]
    public void GroundedAnswers_QuotationsByItsScorer_AreCalibratedAndOthersAreRefused()
    {
        var calibration = LocalCalibrations.Load(LocalCalibrations.GroundedAnswers);
        using var entailment = LocalModels.CreateEntailmentModel();
        using var embeddings = LocalModels.CreateEmbeddingGenerator();
        using var quotations = new QuotingChatClient();

        Assert.Equal(quotations.GetService<ChatClientMetadata>()!.DefaultModelId, calibration.Pipeline.Model);
        Assert.NotNull(LocalScorers.QuotedAnswer(entailment, embeddings).CalibratedBy(calibration));
        Assert.Throws<InvalidOperationException>(() => Confidence.Answerability(entailment).CalibratedBy(calibration));
    }

    public static TheoryData<string> Names => [.. LocalCalibrations.Names];
}
