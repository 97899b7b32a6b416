using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class PairedTestsTests
{
    [Fact]
    public void McNemar_ByHand()
    {
        // Five questions only the second gets right, one only the first: 2 · (1 + 6) / 2⁶.
        bool[] first = [true, true, false, true, false, false, false, false, false];
        bool[] second = [true, true, false, false, true, true, true, true, true];
        Assert.Equal(2 * 7 / 64.0, PairedTests.McNemar(first, second), 1e-12);
        Assert.Equal(2 * 7 / 64.0, PairedTests.McNemar(second, first), 1e-12);
        Assert.Equal(1, PairedTests.McNemar(first, first));
        Assert.Throws<ArgumentException>(() => PairedTests.McNemar(first, [true]));
    }

    [Fact]
    public void McNemar_ManyQuestions_DoesNotUnderflow()
    {
        // 2,000 differ, 950 to 1,050: z = (100 − 1) / √2000 = 2.214, two-sided 0.0268.
        var first = Enumerable.Range(0, 5000).Select(i => i < 950).ToArray();
        var second = Enumerable.Range(0, 5000).Select(i => i is >= 950 and < 2000).ToArray();
        Assert.Equal(0.0268, PairedTests.McNemar(first, second), 0.0005);
    }

    [Fact]
    public void Permutation_Accuracy_AgreesWithTheExactTest()
    {
        // Swapping at random where only one is right is the binomial of McNemar.
        var first = Enumerable.Range(0, 40).Select(i => i < 20).ToArray();
        var second = Enumerable.Range(0, 40).Select(i => i is >= 5 and < 33).ToArray();
        var p = PairedTests.Permutation(Answers(first), Answers(second), a => ClassificationMetrics.Accuracy(a), permutations: 20_000)!.Value;
        Assert.Equal(PairedTests.McNemar(first, second), p, 0.01);
    }

    [Fact]
    public void Permutation_SameAnswers_IsOne() => LabelledAnswers.WithTies.Sample(answers =>
        Assert.Equal(1, PairedTests.Permutation(answers, answers, a => SelectiveMetrics.Aurc(a), permutations: 20)), iter: 20);

    [Fact]
    public void Difference_ClearOne_ExcludesZero()
    {
        var first = Answers([.. Enumerable.Range(0, 200).Select(i => i % 2 == 0)]);
        var second = Answers([.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 || i % 5 == 1)]);
        var difference = PairedTests.Difference(first, second, a => ClassificationMetrics.Accuracy(a))!.Value;

        // 20 of 200 gained and none lost: the standard error of the difference is √(0.1 · 0.9 / 200) = 0.0212.
        Assert.Equal(0.1, difference.Value, 1e-12);
        Assert.Equal(0.1 - (1.96 * 0.0212), difference.Low, 0.006);
        Assert.Equal(0.1 + (1.96 * 0.0212), difference.High, 0.006);
        Assert.Equal(2 / 1001.0, difference.PValue, 1e-12);
    }

    [Fact]
    public void Difference_None_IsNotSignificant()
    {
        var first = Answers([.. Enumerable.Range(0, 200).Select(i => i % 2 == 0)]);
        var second = Answers([.. Enumerable.Range(0, 200).Select(i => i % 2 == 1)]);
        var difference = PairedTests.Difference(first, second, a => ClassificationMetrics.Accuracy(a))!.Value;
        Assert.True(difference is { Value: 0, Low: < 0, High: > 0, PValue: > 0.5 });
        Assert.Equal(1, PairedTests.Difference(first, first, a => ClassificationMetrics.Accuracy(a))!.Value.PValue);
    }

    [Fact]
    public void Difference_UndefinedMetric_IsNull() =>
        Assert.Null(PairedTests.Difference<LabelledScore>([new(1, true)], [new(1, false)], RankingMetrics.Auroc));

    private static LabelledScore[] Answers(bool[] right) => [.. right.Select(r => new LabelledScore(0.5, r))];
}
