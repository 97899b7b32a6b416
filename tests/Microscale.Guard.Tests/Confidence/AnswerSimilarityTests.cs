using CsCheck;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Scoring;

public class AnswerSimilarityTests
{
    private const string Question = "What year did Carlos Drummond win the Nobel Prize?";

    [Theory]
    [InlineData("He won in 2013.", "Carlos Drummond won the prize in 2013.", 1)]
    [InlineData("He won in 2013.", "He won in 1965.", 0)] // won is common, the year is against
    [InlineData("It was 1965.", "In 1965 it was awarded.", 2.0 / 3)] // {1965}, {1965, awarded}
    [InlineData("The prize of Physics", "The prize of Literature", 0)] // names against each other
    [InlineData("It rained on 20 July 1969", "It rained on 21 July 1969", 0.375)] // F1 6/8, numbers 1 of 2
    [InlineData("from 1939 to 1945", "until 1945", 2.0 / 3)] // {1939, 1945}, {1945}: no number against another
    [InlineData("", "2013", 0)]
    [InlineData("", "", 1)]
    [InlineData("1,200", "1200", 1)]
    [InlineData("He was born in São Paulo", "He was born in Sao Paulo", 1)]
    public async Task Lexical_TwoAnswers_IsAsComputedByHand(string first, string second, double expected) =>
        Assert.Equal(expected, await AnswerSimilarity.Lexical.Compare(first, second, Question), 1e-9);

    [Theory]
    [InlineData("The sky is blue.", "The sky is not blue.", 0)]
    [InlineData("Yes, the sky is blue.", "No, the sky is not blue.", 0)]
    [InlineData("The sky is blue.", "Blue is the sky.", 1)]
    public async Task Lexical_AnswersInTheWordsOfTheQuestion_SeesNegation(string first, string second, double expected) =>
        Assert.Equal(expected, await AnswerSimilarity.Lexical.Compare(first, second, "Is the sky blue?"), 1e-9);

    [Fact]
    public void Lexical_AnyAnswers_IsBoundedSymmetricReflexiveAndBlindToOrder()
    {
        var word = Gen.OneOf(Gen.Const("the"), Gen.Const("stone"), Gen.Const("Fire"), Gen.Const("Paris"), Gen.Const("Lyon"), Gen.Const("1965"), Gen.Const("2013"), Gen.Const("not"));
        Gen.Select(word.Array[0, 6], word.Array[0, 6], word.Array[0, 2]).Sample((a, b, q) =>
        {
            var (x, y, question) = ("we saw " + string.Join(' ', a), "we saw " + string.Join(' ', b), string.Join(' ', q));
            var forth = AnswerSimilarity.Lexical.Compare(x, y, question).Result;
            var back = AnswerSimilarity.Lexical.Compare(y, x, question).Result;
            var reversed = AnswerSimilarity.Lexical.Compare("we saw " + string.Join(' ', a.Reverse()), y, question).Result;
            return forth is >= 0 and <= 1
                && forth == back
                && forth == reversed
                && AnswerSimilarity.Lexical.Compare(x, x, question).Result == 1
                && Math.Abs(forth - Oracle(a, b, q)) < 1e-12;
        });
    }

    [Theory]
    [InlineData("The Eiffel Tower.", "eiffel tower", 1)]
    [InlineData("São Paulo", "Sao Paulo!", 1)]
    [InlineData("in 1,965", "In 1965.", 1)]
    [InlineData("In 1965.", "1965", 0)]
    [InlineData("blue sky", "sky blue", 0)]
    [InlineData("", "", 1)]
    [InlineData("", "x", 0)]
    public async Task Exact_TwoAnswers_ComparesTheWordsInTheirOrder(string first, string second, double expected) =>
        Assert.Equal(expected, await AnswerSimilarity.Exact.Compare(first, second));

    [Fact]
    public async Task NonContradiction_TwoAnswers_IsTheMeanOfBothDirections()
    {
        var model = new Meanings(p => (p.Premise, p.Claim) switch
        {
            ("Where? In Paris.", "Where? In Lyon.") => new(0, 0.2, 0.8),
            ("Where? In Lyon.", "Where? In Paris.") => new(0, 0.6, 0.4),
            _ => new(0, 1, 0),
        });
        var similarity = AnswerSimilarity.NonContradiction(model);

        Assert.Equal(0.4, await similarity.Compare("In Paris.", "In Lyon.", "Where?"), 1e-9);
        Assert.Equal(1, await similarity.Compare("In Paris.", "By the river.", "Where?"));
        Assert.Equal(1, await similarity.Compare("In Paris.", "In Paris.", "Where?"));
    }

    [Theory]
    [InlineData("east", "east", 1)]
    [InlineData("east", "north", 0)]
    [InlineData("east", "west", 0)] // opposite, not below 0
    [InlineData("east", "northeast", 0.70710678)]
    [InlineData("east", "nowhere", 0)] // no direction at all
    public async Task Embedding_TwoAnswers_IsTheCosine(string first, string second, double expected)
    {
        using var generator = new Compass();

        Assert.Equal(expected, await AnswerSimilarity.Embedding(generator).Compare(first, second), 1e-6);
    }

    [Fact]
    public async Task Embedding_ManyPairs_EmbedsEachTextOnce()
    {
        using var generator = new Compass();

        var values = await AnswerSimilarity.Embedding(generator)
            .CompareAsync("", [new("east", "north"), new("east", "west"), new("north", "east")]);

        Assert.Equal([0, 0, 0], values);
        Assert.Equal(["east", "north", "west"], Assert.Single(generator.Batches));
    }

    [Fact]
    public async Task Embedding_TooFewEmbeddings_Throws()
    {
        using var generator = new Compass { Lies = true };

        await Assert.ThrowsAsync<InvalidOperationException>(() => AnswerSimilarity.Embedding(generator).Compare("east", "north"));
    }

    [Fact]
    public async Task Entailment_TwoAnswers_IsTheWeakerDirectionInTheContextOfTheQuestion()
    {
        var model = new Entailment(new()
        {
            [new("Where? In Paris.", "Where? In France.")] = 0.9,
            [new("Where? In France.", "Where? In Paris.")] = 0.2,
        });

        Assert.Equal(0.2, await AnswerSimilarity.Entailment(model).Compare("In Paris.", "In France.", "Where?"), 1e-9);
        Assert.Equal(0.2, await AnswerSimilarity.Entailment(model).Compare("In France.", "In Paris.", "Where?"), 1e-9);
    }

    [Fact]
    public async Task Entailment_ManyPairs_AsksForEachDirectionOnce()
    {
        var model = new Entailment([]);

        var values = await AnswerSimilarity.Entailment(model).CompareAsync("", [new("a", "b"), new("b", "a"), new("a", "a")]);

        Assert.Equal([0, 0, 1], values);
        Assert.Equal(1, model.Calls);
    }

    private static double Oracle(string[] a, string[] b, string[] q)
    {
        string[] Fold(string[] words) => [.. words.Select(w => w.ToLowerInvariant())];
        string[] known = [.. Fold(q), "the", "we"];
        var x = Fold([.. a, "saw"]).Except(known).Distinct().ToArray();
        var y = Fold([.. b, "saw"]).Except(known).Distinct().ToArray();
        var value = 2.0 * x.Intersect(y).Count() / (x.Length + y.Length);
        foreach (var kind in (string[][])[["1965", "2013"], ["fire", "paris", "lyon"]])
        {
            var (k, l) = (x.Intersect(kind).ToArray(), y.Intersect(kind).ToArray());
            value *= k.Length == 0 || l.Length == 0 ? 1 : (double)k.Intersect(l).Count() / Math.Min(k.Length, l.Length);
        }

        return value;
    }

    private sealed class Compass : IEmbeddingGenerator<string, Embedding<float>>
    {
        public bool Lies { get; init; }

        public List<string[]> Batches { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Batches.Add([.. values]);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(Batches[^1].Skip(Lies ? 1 : 0).Select(v => new Embedding<float>(v switch
            {
                "east" => new float[] { 1, 0 },
                "west" => new float[] { -1, 0 },
                "north" => new float[] { 0, 2 },
                "northeast" => new float[] { 3, 3 },
                _ => new float[] { 0, 0 },
            }))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Entailment(Dictionary<EntailmentPair, double> entailed) : IEntailmentModel
    {
        public int Calls { get; private set; }

        public ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(
            IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default)
        {
            Calls++;
            return ValueTask.FromResult<IReadOnlyList<EntailmentScores>>(
                [.. pairs.Select(p => new EntailmentScores(entailed.GetValueOrDefault(p), 0, 0))]);
        }
    }
}
