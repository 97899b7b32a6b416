namespace Microscale.Guard.Tests.Verification;

public class VerdictCombinationTests
{
    private static readonly (Verdict?, bool)[] Opinions =
        [(null, false), (Verdict.Supported, false), (Verdict.Unverifiable, false), (Verdict.Contradicted, false), (null, true)];

    [Fact]
    public void Combine_EveryCombinationOfUpToThree_FollowsTheRule()
    {
        var seen = 0;
        foreach (var opinions in Combinations(0).Concat(Combinations(1)).Concat(Combinations(2)).Concat(Combinations(3)))
        {
            seen++;
            Verdict[] said = [.. opinions.Where(o => o.Verdict is not null).Select(o => o.Verdict!.Value)];
            var clean = !opinions.Any(o => o.Failed);
            var expected = said.Contains(Verdict.Contradicted) ? Verdict.Contradicted
                : clean && said.Length > 0 && said.All(v => v == Verdict.Supported) ? Verdict.Supported
                : Verdict.Unverifiable;
            Assert.Equal(expected, VerdictCombination.Combine(opinions));
        }

        Assert.Equal(1 + 5 + 25 + 125, seen);
    }

    [Fact]
    public void Combine_WhatAFailedVerifierSays_CountsForNothing()
    {
        Assert.Equal(Verdict.Unverifiable, VerdictCombination.Combine([(Verdict.Supported, true), (Verdict.Supported, false)]));
        Assert.Equal(Verdict.Unverifiable, VerdictCombination.Combine([(Verdict.Contradicted, true), (Verdict.Supported, false)]));
    }

    private static IEnumerable<(Verdict? Verdict, bool Failed)[]> Combinations(int count) =>
        count == 0 ? [[]] : Combinations(count - 1).SelectMany(_ => Opinions, ((Verdict?, bool)[] head, (Verdict?, bool) last) => ((Verdict?, bool)[])[.. head, last]);
}
