namespace Microscale.Guard.Evaluation.Tests.Floor;

public class FactCounterTests
{
    [Fact]
    public void Estimate_ByHand()
    {
        // Facts by document: a b | a c c | a d | b e: a thrice, b twice, c, d, e once; eight observations.
        var counter = new FactCounter(t => t.Split(' '));
        foreach (var document in new[] { "a b", "a c c", "a d", "b e" })
        {
            counter.Add(document);
        }

        var estimate = counter.Estimate(calibrationError: 0.1);
        Assert.Equal((4, 8, 5, 3, 1), (estimate.Documents, estimate.Observations, estimate.Facts, estimate.SeenOnce, estimate.SeenTwice));
        Assert.Equal(3 / 8.0, estimate.Share.Value);
        Assert.Equal(["c", "d"], counter.SeenOnce(2));

        // Esty: √(3 · (1 − 3/8) + 2 · 1) / 8, times 1.96.
        var width = 1.959964 * Math.Sqrt((3 * 5 / 8.0) + 2) / 8;
        Assert.Equal(Math.Max(0, 0.375 - width), estimate.Share.Low, 1e-6);
        Assert.Equal(0.375 + width, estimate.Share.High, 1e-6);

        Assert.Equal(0.275, estimate.Floor.Value, 1e-12);
        Assert.Equal((0.275 - 0.05) / 0.95, estimate.AbstentionFor(0.05).Value, 1e-12);
        Assert.Equal(0.275, estimate.AbstentionFor(0).Value, 1e-12);
        Assert.Equal(0, estimate.AbstentionFor(0.5).Value);
    }

    [Fact]
    public void AbstentionFor_WithholdingThatShareOfErrors_MeetsTheRate()
    {
        var counter = new FactCounter(t => [t]);
        for (var i = 0; i < 100; i++)
        {
            counter.Add($"{(i < 40 ? i : 40 + (i % 10))}");
        }

        // 40 of 100 questions are wrong; the withheld ones are all among them.
        var withheld = counter.Estimate().AbstentionFor(0.1).Value;
        Assert.Equal(0.1, (0.4 - withheld) / (1 - withheld), 1e-12);
    }

    [Fact]
    public void Estimate_FromManySamples_HoldsTheMissingMassAsOftenAsItSays()
    {
        // 2,000 facts with probabilities that fall as 1/rank; 1,500 drawn. Seeded, so that the count is the same in every run.
        var weights = Enumerable.Range(1, 2000).Select(r => 1.0 / r).ToArray();
        var total = weights.Sum();
        var cumulative = weights.Select((w, i) => weights.Take(i + 1).Sum() / total).ToArray();
        var (held, bias) = (0, 0.0);
        for (var trial = 0; trial < 200; trial++)
        {
            var random = new ResamplingRandom(seed: 3, stream: trial);
            var counter = new FactCounter(t => [t]);
            var seen = new HashSet<int>();
            for (var i = 0; i < 1500; i++)
            {
                var at = Array.BinarySearch(cumulative, random.Below(int.MaxValue) / (double)int.MaxValue);
                var fact = at >= 0 ? at : ~at;
                seen.Add(fact);
                counter.Add(fact.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            var missing = Enumerable.Range(0, 2000).Where(f => !seen.Contains(f)).Sum(f => weights[f] / total);
            var share = counter.Estimate().Share;
            bias += (share.Value - missing) / 200;
            held += share.Low <= missing && missing <= share.High ? 1 : 0;
        }

        Assert.InRange(bias, -0.005, 0.005);
        Assert.InRange(held, 182, 199);
    }

    [Fact]
    public void Estimate_NothingSeenOnce_StillAllowsForSome()
    {
        var counter = new FactCounter(t => [t]);
        for (var i = 0; i < 300; i++)
        {
            counter.Add($"{i % 3}");
        }

        var share = counter.Estimate().Share;
        Assert.Equal((0, 0), (share.Value, share.Low));
        Assert.Equal(3 / 300.0, share.High, 1e-4);
    }

    [Fact]
    public void Estimate_NothingSeenTwice_IsNotCertain()
    {
        var counter = new FactCounter(t => [t]);
        for (var i = 0; i < 300; i++)
        {
            counter.Add($"{i}");
        }

        var share = counter.Estimate().Share;
        Assert.Equal((1, 1), (share.Value, share.High));
        Assert.Equal(1 - (6 / 300.0), share.Low, 1e-4);
    }

    [Fact]
    public void Estimate_WrongUse_SaysWhatToDo()
    {
        var counter = new FactCounter();
        counter.Add("Yes!");
        Assert.Contains("1 documents", Assert.Throws<InvalidOperationException>(() => counter.Estimate()).Message, StringComparison.Ordinal);
        counter.Add("Oslo is cold.");
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Estimate(calibrationError: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Estimate(level: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Estimate().AbstentionFor(1));
    }

    [Theory]
    [InlineData(0.975, 1.959964)]
    [InlineData(0.95, 1.644854)]
    [InlineData(0.995, 2.575829)]
    public void NormalQuantile_KnownValues(double probability, double expected) =>
        Assert.Equal(expected, GoodTuring.NormalQuantile(probability), 1e-6);
}
