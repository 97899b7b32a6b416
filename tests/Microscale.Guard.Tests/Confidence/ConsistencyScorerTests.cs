using CsCheck;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class ConsistencyScorerTests
{
    [Fact]
    public async Task ScoreAsync_SamplesThatDisagreeOnTheYear_IsTheShareThatAgrees()
    {
        var context = Context("In 2013.", null, "What year?", "It was 2013.", "In 1998.", "In 1965.", "In 2013.", "It was 2009.");

        var score = await Confidence.Consistency(samples: 5).ScoreAsync(context);

        Assert.Equal(0.4, score.Value!.Value, 1e-9);
        Assert.Equal("consistency.lexical", score.Scorer);
    }

    [Fact]
    public async Task ScoreAsync_SamplesWithoutAnAnswer_CountAsDisagreement() =>
        Assert.Equal(0.25, (await Confidence.Consistency(4).Score(Context("In 2013.", null, "", "", "In 2013.", " ", "")))!.Value, 1e-9);

    [Fact]
    public async Task ScoreAsync_NoSampleIsAnAnswer_IsZero() =>
        Assert.Equal(0, await Confidence.Consistency(2, new Says(_ => 1)).Score(Context("In 2013.", null, "", "", "")));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public async Task ScoreAsync_SimilarityOutOfRange_Throws(double value) =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Confidence.Consistency(1, new Says(_ => value)).Score(Context("x", null, "", "y")));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Consistency_SamplesOutOfRange_Throws(int samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.Consistency(samples));

    [Fact]
    public void ScoreAsync_AnySimilarities_IsTheirMeanInAnyOrder() => Gen.Double[0, 1].Array[1, 12].Sample(values =>
    {
        double Score(double[] v) => Confidence.Consistency(v.Length, new Says(i => v[i]))
            .Score(Context("x", null, "", [.. v.Select((_, i) => "y" + i)])).Result!.Value;
        var score = Score(values);
        return score is >= 0 and <= 1
            && Math.Abs(score - values.Average()) < 1e-12
            && Math.Abs(score - Score([.. values.Reverse()])) < 1e-12;
    });

    private sealed class Says(Func<int, double> similarity) : IAnswerSimilarity
    {
        public string Name => "says";

        public ValueTask<IReadOnlyList<double>> CompareAsync(
            string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IReadOnlyList<double>>([.. pairs.Select((_, i) => similarity(i))]);
    }
}
