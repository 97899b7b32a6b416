using System.Text;
using System.Text.Json;
using Microscale.Guard.Grammar;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation.Tests.Runs;

public class PipelineTests
{
    [Fact]
    public async Task Groundedness_EveryStatementSupported_PassesWithTheLeastSupport()
    {
        using var pipeline = new GroundednessPipeline("v", [new SupportVerifier()]);

        var item = await pipeline.EvaluateAsync(new GroundednessRow("x", "The passage.", "The sky is blue [0.9]. The grass is green [0.7].", true));

        Assert.Equal((true, true, true, 0.7), (item.IsAccepted, item.IsTrue, item.IsRight, item.Score));
    }

    [Fact]
    public async Task Groundedness_OneStatementIsNot_DoesNotPassAndSaysWhich()
    {
        using var pipeline = new GroundednessPipeline("v", [new SupportVerifier()]);

        var item = await pipeline.EvaluateAsync(new GroundednessRow("x", "The passage.", "The sky is blue [0.9]. The grass is red [0.2].", false));

        Assert.Equal((false, false, true, 0.2), (item.IsAccepted, item.IsTrue, item.IsRight, item.Score));
        Assert.Contains("The grass is red", item.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groundedness_SamePassage_SharesAGroup()
    {
        using var pipeline = new GroundednessPipeline("v", [new SupportVerifier()]);

        var one = await pipeline.EvaluateAsync(new GroundednessRow("x", "The passage.", "A is b [0.9].", true));
        var two = await pipeline.EvaluateAsync(new GroundednessRow("y", "The passage.", "C is d [0.9].", true));
        var other = await pipeline.EvaluateAsync(new GroundednessRow("z", "Another.", "C is d [0.9].", true));

        Assert.Equal(one.Group, two.Group);
        Assert.NotEqual(one.Group, other.Group);
    }

    [Theory]
    [InlineData(EntailmentLabel.Entailment, true, false)]
    [InlineData(EntailmentLabel.Neutral, false, true)]
    public async Task Entailment_ArgMax_IsThePrediction(EntailmentLabel label, bool isTrue, bool isRight)
    {
        var item = await new EntailmentPipeline("nli", new FixedEntailment(new(0.3, 0.5, 0.2))).EvaluateAsync(new EntailmentRow("x", "P", "H", label));

        Assert.Equal((0.3, isTrue, false, isRight, label.ToString()), (item.Score, item.IsTrue, item.IsAccepted, item.IsRight, item.Class));
    }

    [Fact]
    public async Task Answer_Bare_ScoresAndJudgesIt()
    {
        using var model = new ScriptedChatClient("It is Paris.");
        using var client = model.AsBuilder().UseConfidence(new ScriptedScorer(_ => 0.6)).Build();

        var item = await new AnswerPipeline("bare", client, new AnswerPipelineOptions { Scorer = "scripted" }).EvaluateAsync(Capital, default);

        Assert.Equal((true, true, true, 0.6, "scripted", "scripted"), (item.IsTrue, item.IsAccepted, item.IsRight, item.Score, item.Model, item.Scorer));
        Assert.Equal(0, Assert.Single(model.Calls).Options!.Temperature);
    }

    [Theory]
    [InlineData("It is Paris.", true)]
    [InlineData("It is Lyon.", false)]
    public async Task Answer_Withheld_JudgesTheDraft(string draft, bool isTrue)
    {
        using var client = Guarded(draft, 0.2);

        var item = await new AnswerPipeline("guarded", client).EvaluateAsync(Capital, default);

        Assert.Equal((isTrue, false, false, true, "LowConfidence"), (item.IsTrue, item.IsAccepted, item.IsRight, item.IsUpToScore, item.Reason));
        Assert.Equal(draft, item.Answer);
    }

    [Fact]
    public async Task Answer_WithheldWithoutAnswer_IsRight()
    {
        using var client = Guarded("It is Paris.", 0.2);

        var item = await new AnswerPipeline("guarded", client).EvaluateAsync(new QuestionRow("x", "What is the capital of the sea?", [], false, null), default);

        Assert.Equal((false, false, true), (item.IsTrue, item.IsAccepted, item.IsRight));
    }

    [Fact]
    public async Task Answer_RefusalInOwnWords_IsNoAnswer()
    {
        using var client = new ScriptedChatClient("I don't know.");

        var item = await new AnswerPipeline("bare", client).EvaluateAsync(Capital, default);

        Assert.Equal((false, "Refused"), (item.IsAccepted, item.Reason));
    }

    [Fact]
    public async Task Answer_Passage_IsEvidenceBeforeTheModel()
    {
        using var model = new ScriptedChatClient("The capital of Borduria is Szohôd.");
        using var client = model.AsBuilder()
            .UseHallucinationGuard(g => g.VerifyWith(new ScriptedVerifier(_ => Verdict.Unverifiable)).ConfigureAbstention(o => o.KeepDraft = true))
            .Build();
        var row = new PassageRow("x", "What is the capital of Borduria?", "Borduria", "Borduria's capital is Szohôd.", ["Szohôd"], true);

        var item = await new AnswerPipeline("guarded", client).EvaluateAsync(row, default);

        Assert.Contains("Borduria's capital is Szohôd.", model.Calls[0].Messages[^1].Text, StringComparison.Ordinal);
        Assert.Equal((true, false, false, "Unverifiable"), (item.IsTrue, item.IsAccepted, item.IsUpToScore, item.Reason));
        Assert.NotNull(item.Prompt);
    }

    [Theory]
    [InlineData("Paris, of course.", "paris", true)]
    [InlineData("Parisian food.", "Paris", false)]
    [InlineData("Revolutions were fought with guns and swords", "In those revolutions people fought with guns, swords and bare hands all day", false)]
    [InlineData("In revolutions people fought with guns, swords and hands", "In those revolutions people fought with guns, swords and bare hands all day", true)]
    public void IsAnswer_KnownAnswer_ShortOnesAsWordsLongOnesByHalf(string text, string known, bool expected) =>
        Assert.Equal(expected, AnswerPipeline.IsAnswer(text, [known]));

    [Fact]
    public async Task Schema_Values_AreCounted()
    {
        var vocabulary = new TokenVocabulary(
            [.. Enumerable.Range(0, 256).Select(b => (ReadOnlyMemory<byte>)new[] { (byte)b }), ReadOnlyMemory<byte>.Empty],
            [256],
            encode: text => [.. Encoding.UTF8.GetBytes(text).Select(b => (int)b)]);
        var row = new SchemaRow("s", JsonElement.Parse("""{"type":"integer","minimum":3}"""), [Test("3", true), Test("2", false), Test("\"x\"", true)]);

        var item = await new SchemaPipeline("grammar", vocabulary).EvaluateAsync(row);

        Assert.Equal(new SchemaCounts(Compiled: 1, Wrong: 1, ValidAccepted: 1, InvalidRejected: 1, Skipped: 0), item.Schema);
        Assert.False(item.IsRight);

        static SchemaTest Test(string json, bool isValid) => new(JsonElement.Parse(json), isValid);
    }

    private static QuestionRow Capital { get; } = new("x", "What is the capital of France?", ["Paris"], true, "factoid");

    private static IChatClient Guarded(string answer, double score) => new ScriptedChatClient(answer).AsBuilder()
        .UseHallucinationGuard(g => g.ScoreWith(new ScriptedScorer(_ => score)).AbstainBelow(0.5).ConfigureAbstention(o => o.KeepDraft = true))
        .Build();

    /// <summary>Believes what a statement says of its own support: "… [0.7]."</summary>
    private sealed class SupportVerifier : IClaimVerifier
    {
        public string Name => "support";

        public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IReadOnlyList<VerifierFinding?>>([.. context.Claims.Select(c => c.Text[(c.Text.IndexOf('[', StringComparison.Ordinal) + 1)..c.Text.IndexOf(']', StringComparison.Ordinal)] is var text
                && double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is var support
                ? new VerifierFinding(Name, support >= 0.5 ? Verdict.Supported : Verdict.Unverifiable) { Support = support }
                : null)]);
    }

    private sealed class FixedEntailment(EntailmentScores scores) : IEntailmentModel
    {
        public ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IReadOnlyList<EntailmentScores>>([.. pairs.Select(_ => scores)]);
    }
}
