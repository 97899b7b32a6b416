using System.Text.RegularExpressions;
using CsCheck;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>What holds for every scorer of <see cref="Confidence"/>.</summary>
public partial class ScorerContractTests
{
    private static readonly string[] Words = ["a1", "a2", "b1", "c1", "1965"];

    public static TheoryData<string> Names => [.. Scorers(new Meanings()).Select(s => s.Name)];

    [Fact]
    public void Names_OfAll_AreDistinctAndOfLowCardinality()
    {
        var names = Scorers(new Meanings()).Select(s => s.Name).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches(NamePattern(), n));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ScoreAsync_AnyAnswers_IsFromZeroToOneAndCostsNoMoreThanItSays(string name) =>
        Gen.Select(Gen.Int[0, 4].Array[4], Gen.Double[0.001, 1].Array[4], Gen.Int[0, 100]).Sample(
            (texts, probabilities, reply) =>
            {
                var entailment = new Meanings();
                var scorer = Scorers(entailment).Single(s => s.Name == name);
                var drawn = 0;
                using var client = new ScriptedChatClient(new ScriptedReply($"{reply}"));
                var context = new ConfidenceContext(Question, Words[texts[0]], [Answer(0)], (count, _) =>
                {
                    drawn += count;
                    return Task.FromResult<IReadOnlyList<ChatResponse>>([.. Enumerable.Range(1, count).Select(i => Sample(Words[texts[i]], Answer(i)))]);
                })
                {
                    Model = new AnsweringModel(name == "p_true" ? new Replying(client, probabilities) : client),
                };

                var score = scorer.ScoreAsync(context).AsTask().Result;
                return score is { Value: >= 0 and <= 1, IsCalibrated: false }
                    && score.Scorer == name
                    && drawn <= scorer.Cost.Samples
                    && client.Calls.Count <= scorer.Cost.ModelCalls
                    && client.Calls.Sum(c => c.Options!.MaxOutputTokens) <= scorer.Cost.OutputTokens
                    && entailment.Pairs <= scorer.Cost.EntailmentPairs
                    && (drawn > 0) == scorer.Needs.HasFlag(ScorerNeeds.Samples)
                    && (client.Calls.Count > 0) == scorer.Needs.HasFlag(ScorerNeeds.ModelCalls)
                    && (scorer.Cost.EntailmentPairs > 0) == scorer.Needs.HasFlag(ScorerNeeds.EntailmentModel);

                TokenLogProbability Answer(int i) => Among(Words[texts[i]], probabilities[i], (Words[texts[i]], probabilities[i]), ("other", 1 - probabilities[i]));
            },
            iter: 50);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ScoreAsync_WithoutWhatItNeeds_SaysSo(string name)
    {
        var scorer = Scorers(new Meanings()).Single(s => s.Name == name);

        var score = await scorer.ScoreAsync(Context("a1", null, "", "a1", "a1", "a1"));

        Assert.Equal(name, score.Scorer);
        if ((scorer.Needs & (ScorerNeeds.LogProbabilities | ScorerNeeds.ModelCalls)) != 0)
        {
            Assert.Null(score.Value);
            Assert.NotEmpty(score.Explanation!);
        }
        else
        {
            Assert.Equal(1, score.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ScoreAsync_NoText_IsUnavailable(string name)
    {
        var score = await Scorers(new Meanings()).Single(s => s.Name == name).ScoreAsync(Context("", null, "", "a1", "a1", "a1"));

        Assert.Null(score.Value);
        Assert.NotEmpty(score.Explanation!);
    }

    private static IConfidenceScorer[] Scorers(IEntailmentModel model) =>
    [
        .. from aggregation in Enum.GetValues<TokenAggregation>()
           from scope in Enum.GetValues<TokenScope>()
           select Confidence.TokenProbability(aggregation, scope),
        .. from aggregation in (TokenAggregation[])[TokenAggregation.Mean, TokenAggregation.Minimum]
           from scorer in (IConfidenceScorer[])[Confidence.TokenEntropy(aggregation), Confidence.TokenMargin(aggregation), Confidence.SelfCertainty(aggregation)]
           select scorer,
        Confidence.LeastSureClaim(),
        Confidence.Consistency(3, AnswerSimilarity.Exact),
        Confidence.Consistency(3),
        Confidence.Consistency(3, AnswerSimilarity.Entailment(model)),
        Confidence.Consistency(3, AnswerSimilarity.NonContradiction(model)),
        Confidence.SemanticEntropy(model, 3),
        Confidence.SemanticEntropy(model, 3, SemanticWeighting.Likelihood),
        Confidence.DegreeMatrix(3),
        Confidence.DegreeMatrix(3, AnswerSimilarity.Entailment(model)),
        Confidence.SemanticSets(3),
        Confidence.CoCoA(3),
        Confidence.CoCoA(3, combination: CoCoACombination.Confidences),
        Confidence.PTrue(),
        Confidence.Verbalized(),
        Confidence.Ensemble(Confidence.TokenProbability(), Confidence.Consistency(3)),
        Confidence.LogisticEnsemble(new(-1, [1, 2]), Confidence.TokenProbability(), Confidence.Consistency(3)),
    ];

    [GeneratedRegex("^[a-z][a-z_.]*$")]
    private static partial Regex NamePattern();

    /// <summary>Says how probable True and False are.</summary>
    private sealed class Replying(IChatClient inner, double[] probabilities) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            response.SetLogProbabilities([Among("True", probabilities[0], ("True", probabilities[0]), ("False", 1 - probabilities[0]))]);
            return response;
        }
    }
}
