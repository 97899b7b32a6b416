using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class ClassificationMetricsTests
{
    [Fact]
    public void Accuracy_ByHand()
    {
        Assert.Equal(0.6, ClassificationMetrics.Accuracy(LabelledAnswers.Of("0.1- 0.2+ 0.5- 0.9+ 1+")));
        Assert.Equal(0.75, ClassificationMetrics.Accuracy<string>([new("a", "a"), new("b", "a"), new("b", "b"), new("c", "c")]));
    }

    [Fact]
    public void BalancedAccuracy_ByHand()
    {
        // Of a 1 of 2, of b 1 of 1, of c 0 of 1; a class that is only predicted has no say.
        Assert.Equal((0.5 + 1 + 0) / 3, ClassificationMetrics.BalancedAccuracy<string>([new("a", "a"), new("b", "a"), new("b", "b"), new("d", "c")]));

        // At 0.5: right ones found 2 of 3, wrong ones 1 of 2.
        Assert.Equal(((2 / 3.0) + 0.5) / 2, ClassificationMetrics.BalancedAccuracy(LabelledAnswers.Of("0.1- 0.2+ 0.5- 0.9+ 1+"), 0.5));
    }

    [Fact]
    public void BalancedAccuracy_SameAnswerToAll_IsChance() => Gen.Int[2, 6].SelectMany(n => Gen.Int[0, n - 1].Array[50, 100]).Sample(labels =>
        Assert.Equal(
            labels.Contains(0) ? 1.0 / labels.Distinct().Count() : 0,
            ClassificationMetrics.BalancedAccuracy<int>(labels.Select(l => new LabelledPrediction<int>(0, l)).ToArray()),
            1e-12));
}
