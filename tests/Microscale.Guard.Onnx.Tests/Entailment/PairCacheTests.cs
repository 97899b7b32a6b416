using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Entailment;

public class PairCacheTests
{
    [Fact]
    public void Find_AnySequence_KeepsThePairsAskedLast() =>
        Gen.Select(Gen.Int[0, 7], Gen.Bool).Array[0, 60].Sample(
            steps =>
            {
                var cache = new PairCache(3);
                var recent = new List<int>();
                foreach (var (key, isAdded) in steps)
                {
                    var pair = new EntailmentPair("premise", $"claim {key}");
                    if (isAdded)
                    {
                        cache.Add(pair, new EntailmentScores(key, 0, 0));
                        recent.Remove(key);
                        recent.Insert(0, key);
                    }
                    else
                    {
                        Assert.Equal(recent.Contains(key) ? key : null, cache.Find(pair)?.Entailment);
                        if (recent.Remove(key))
                        {
                            recent.Insert(0, key);
                        }
                    }

                    recent = [.. recent.Take(3)];
                    Assert.Equal(recent.Count, cache.Count);
                }
            },
            iter: 2_000);
}
