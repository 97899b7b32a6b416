using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Tests.Calibration;

public class CalibrationArtefactTests
{
    public static TheoryData<CalibrationMethod> Methods => [.. Enum.GetValues<CalibrationMethod>()];

    [Theory, MemberData(nameof(Methods))]
    public void ToJson_AndBack_IsTheSame(CalibrationMethod method)
    {
        var clock = new FakeTimeProvider(new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));
        var artefact = Labelled.Artefact(options: new()
        {
            Method = method,
            RiskControl = [RiskControlMethod.LearnThenTest, RiskControlMethod.ConformalRiskControl],
            TimeProvider = clock,
        });

        var read = CalibrationArtefact.Parse(artefact.ToJson());

        Assert.Equal(artefact.ToJson(), read.ToJson());
        Assert.Equal(300, read.SampleCount);
        Assert.Equal(180, read.CorrectCount);
        Assert.Equal(clock.GetUtcNow(), read.CreatedAt);
        Assert.Equal(Labelled.Pipeline, read.Pipeline);
        Assert.Equal(artefact.Guarantees, read.Guarantees);
        Assert.Equal(artefact.Calibrator.Apply(0.37), read.Calibrator.Apply(0.37));
        Assert.Equal(64, read.Checksum.Length);
    }

    [Fact]
    public void Parse_OfAnotherLayout_IsTheSame()
    {
        var json = Labelled.Artefact().ToJson();
        using var document = JsonDocument.Parse(json);

        Assert.Equal(json, CalibrationArtefact.Parse(JsonSerializer.Serialize(document)).ToJson());
    }

    [Theory]
    [InlineData("\"correctCount\": 180", "\"correctCount\": 200", "checksum")]
    [InlineData("\"scorer\": \"scripted\"", "\"scorer\": \"other\"", "checksum")]
    [InlineData("\"version\": 1", "\"version\": 2", "its version is 2")]
    [InlineData("\"version\": 1", "\"version\": 1, \"note\": \"x\"", "no calibration artefact")]
    [InlineData("\"sampleCount\": 300,", "", "no calibration artefact")]
    [InlineData("\"method\": \"isotonic\"", "\"method\": \"magic\"", "no calibration artefact")]
    public void Parse_OfAChangedFile_IsRefused(string old, string changed, string why)
    {
        var json = Labelled.Artefact().ToJson();
        Assert.Contains(old, json);

        var exception = Assert.Throws<InvalidDataException>(() => CalibrationArtefact.Parse(json.Replace(old, changed, StringComparison.Ordinal)));

        Assert.Contains(why, exception.Message);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    public void Parse_OfSomethingElse_IsRefused(string json) =>
        Assert.Throws<InvalidDataException>(() => CalibrationArtefact.Parse(json));

    [Fact]
    public void Parse_OfASignedCurveThatFalls_IsRefused()
    {
        var artefact = Labelled.Artefact() with { Calibrator = new HistogramCalibrator([0.5], [0.9, 0.1]) };
        var signed = CalibrationArtefactSigner.Sign(artefact);

        Assert.Contains("do not rise", Assert.Throws<InvalidDataException>(() => CalibrationArtefact.Parse(signed.ToJson())).Message);
    }

    [Fact]
    public void Load_NamesTheFile()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Labelled.Artefact().Save(path);
            Assert.Equal(300, CalibrationArtefact.Load(path).SampleCount);

            File.WriteAllText(path, "{}");
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => CalibrationArtefact.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Fit_OnTooLittle_SaysSo() => Assert.Contains(
        "label at least 30",
        Assert.Throws<ArgumentException>(() => CalibrationArtefact.Fit(Enumerable.Repeat(new LabelledScore(1, true), 29), Labelled.Pipeline)).Message);

    [Fact]
    public void FindGuarantee_IsThatOfTheNextLowerRate()
    {
        var artefact = Labelled.Artefact();

        Assert.Equal(0.05, artefact.FindGuarantee(0.07)!.ErrorRate);
        Assert.Equal(0.05, artefact.FindGuarantee(0.05)!.ErrorRate);
        Assert.Null(artefact.FindGuarantee(0.005));
        Assert.Null(artefact.FindGuarantee(0.05, RiskControlMethod.ConformalRiskControl));

        // 180 right ones above: 1 % is not shown by them (230 are needed), 5 % is.
        Assert.False(artefact.FindGuarantee(0.01)!.IsFeasible);
        Assert.InRange(artefact.FindGuarantee(0.05)!.Threshold!.Value, 0.37, 0.4);
    }

    [Fact]
    public void FingerprintPrompt_IsThatOfTheInstructionsAlone()
    {
        ChatMessage[] messages = [new(ChatRole.System, "Be brief.\n"), new(ChatRole.User, "What?")];
        var fingerprint = CalibrationPipeline.FingerprintPrompt(messages);

        Assert.Equal(32, fingerprint.Length);
        Assert.Equal(fingerprint, CalibrationPipeline.FingerprintPrompt([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Why?"), new(ChatRole.Assistant, "So.")]));
        Assert.NotEqual(fingerprint, CalibrationPipeline.FingerprintPrompt([new(ChatRole.System, "Be long.")]));
        Assert.NotEqual(fingerprint, CalibrationPipeline.FingerprintPrompt(messages, new() { Instructions = "And kind." }));
        Assert.NotEqual(fingerprint, CalibrationPipeline.FingerprintPrompt([.. messages, new(ChatRole.User, [Conversation.CreateInstruction("Answer from the passages.")])]));
    }

    [Fact]
    public async Task CalibratedBy_KeepsTheRawValue()
    {
        var scorer = new ScriptedScorer(_ => 0.9).CalibratedBy(Labelled.Artefact());

        var score = await scorer.ScoreAsync(new([new(ChatRole.User, "?")], "x", null, (_, _) => throw new InvalidOperationException()));

        Assert.Equal("scripted", scorer.Fingerprint);
        Assert.True(score.IsCalibrated);
        Assert.Equal(1, score.Value);
        Assert.Equal(0.9, score.RawValue);
        Assert.Contains("the guard scores with 'other'", Assert.Throws<InvalidOperationException>(
            () => new ScriptedScorer(_ => 1, "other").CalibratedBy(Labelled.Artefact())).Message);
    }

    [Theory]
    [InlineData(Misbehaviour.Lies)]
    [InlineData(Misbehaviour.ReturnsNull)]
    public async Task CalibratedBy_OfAScorerThatLies_HidesNothing(Misbehaviour misbehaviour)
    {
        using var model = new ScriptedChatClient("The sky is blue.");
        using var client = new ConfidenceChatClient(model, new ScriptedScorer(_ => 0.9) { Misbehaviour = misbehaviour }.CalibratedBy(Labelled.Artefact()));

        var response = await client.GetResponseAsync("What?");

        Assert.Null(response.GetGuardReport()!.Confidence!.Value);
        Assert.Single(response.GetGuardReport()!.Faults);
    }

    [Fact]
    public void Fingerprints_TellSettingsApart()
    {
        Assert.Equal("consistency.lexical/samples=5", Confidence.Consistency().Fingerprint);
        Assert.NotEqual(Confidence.Consistency(3).Fingerprint, Confidence.Consistency(4).Fingerprint);
        Assert.NotEqual(
            Confidence.Ensemble(new EnsemblePart(Confidence.Consistency())).Fingerprint,
            Confidence.Ensemble(new EnsemblePart(Confidence.TokenProbability())).Fingerprint);
    }
}
