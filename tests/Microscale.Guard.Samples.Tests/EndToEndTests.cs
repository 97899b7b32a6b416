using System.Text.RegularExpressions;
using Microscale.Guard.Onnx;
using Microscale.Guard.Samples.Quickstart;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.Tests;

/// <summary>The quickstart's own pipeline with the real models.</summary>
public sealed partial class EndToEndTests(EndToEndTests.Models models) : IClassFixture<EndToEndTests.Models>
{
    private const string Drummond = "What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?";

    public enum Form
    {
        Grounded,
        Ungrounded,
        ConfidenceOnly,
    }

    [Fact]
    public async Task Drummond_BareModel_InventsAYear()
    {
        var bare = await models.Pipeline.Bare.GetResponseAsync(Drummond);

        Assert.Contains("Drummond", bare.Text);
        Assert.Matches(Year, bare.Text);
    }

    [Theory]
    [InlineData(Form.Grounded, 20)]
    [InlineData(Form.Ungrounded, 20)]
    [InlineData(Form.ConfidenceOnly, 3)]
    public async Task Drummond_GuardedModel_AbstainsWithoutAYear(Form form, int seeds)
    {
        var client = models.Client(form);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var options = new ChatOptions { Temperature = 0.7f, Seed = seed, MaxOutputTokens = 64 };
            AssertAbstained(await client.GetResponseAsync(Drummond, options));

            List<ChatResponseUpdate> updates = [];
            await foreach (var update in client.GetStreamingResponseAsync(Drummond, options))
            {
                Assert.DoesNotMatch(Year, update.Text);
                updates.Add(update);
            }

            AssertAbstained(updates.ToChatResponse());
        }

        static void AssertAbstained(ChatResponse response)
        {
            Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
            Assert.Equal(ChatFinishReason.ContentFilter, response.FinishReason);
            Assert.DoesNotMatch(Year, response.Text);
            Assert.NotEmpty(response.Text);
        }
    }

    [Theory]
    [InlineData(0, "bees-waggle-dance", "where food is", false)]
    [InlineData(0, "bees-waggle-dance", "where food is", true)]
    [InlineData(1, "computing-world-wide-web", "Tim Berners-Lee", false)]
    [InlineData(1, "computing-world-wide-web", "Tim Berners-Lee", true)]
    [InlineData(4, "elements-gold", "79", false)]
    [InlineData(4, "elements-gold", "79", true)]
    public async Task AnswerableQuestion_IsAnsweredWithTheRightCitation(int question, string passage, string expected, bool streaming)
    {
        var response = await AskAsync(models.Client(Form.Grounded), Questions.All[question].Text, streaming);

        Assert.Equal(GuardDecision.Delivered, response.GetGuardReport()!.Decision);
        Assert.Contains(expected, response.Text);
        var cited = response.Messages.SelectMany(m => m.Contents).OfType<TextContent>()
            .SelectMany(c => c.Annotations?.OfType<CitationAnnotation>().Select(a => (c.Text, Citation: a)) ?? []).ToList();
        Assert.NotEmpty(cited);
        Assert.All(cited, c =>
        {
            Assert.Equal(passage, c.Citation.FileId);
            Assert.Contains(expected, c.Citation.Snippet);
            var region = Assert.IsType<TextSpanAnnotatedRegion>(Assert.Single(c.Citation.AnnotatedRegions!));
            Assert.Contains(expected, c.Text[region.StartIndex!.Value..region.EndIndex!.Value]);
        });
    }

    [Theory]
    [InlineData("Who invented the zipper?", false)]
    [InlineData("Who invented the zipper?", true)]
    [InlineData("Who designed the Sydney Opera House?", false)]
    [InlineData("Who painted the Mona Lisa?", false)]
    public async Task QuestionOutsideOfTheDocuments_IsNotAnswered(string question, bool streaming)
    {
        var response = await AskAsync(models.Client(Form.Grounded), question, streaming);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
    }

    private static Task<ChatResponse> AskAsync(IChatClient client, string question, bool streaming) => streaming
        ? client.GetStreamingResponseAsync(question).ToChatResponseAsync()
        : client.GetResponseAsync(question);

    [GeneratedRegex(@"\b(?:1\d|20)\d\d\b")]
    private static partial Regex Year { get; }

    /// <summary>Loads the models once.</summary>
    public sealed class Models : IAsyncLifetime
    {
        private QuickstartPipeline? _pipeline;
        private OnnxEntailmentVerifier? _verifier;

        internal QuickstartPipeline Pipeline => _pipeline!;

        public IChatClient Client(Form form)
        {
            var bare = Pipeline.Bare;
            return form switch
            {
                Form.Grounded => Pipeline.Guarded,
                Form.Ungrounded => bare.AsBuilder().UseHallucinationGuard(g => g.VerifyWith(_verifier!)).Build(),
                _ => bare.AsBuilder().UseHallucinationGuard(g => g.ScoreWith(Confidence.Consistency(samples: 3)).AbstainBelow(0.6)).Build(),
            };
        }

        public async ValueTask InitializeAsync()
        {
            _pipeline = await QuickstartPipeline.CreateAsync(new QuickstartArguments(), CancellationToken.None);
            _verifier = LocalModels.CreateEntailmentVerifier();
        }

        public ValueTask DisposeAsync()
        {
            _pipeline?.Dispose();
            _verifier?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
