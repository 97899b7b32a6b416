namespace Microscale.Guard.Tests.Verification;

public class VerdictCombinationTests
{
    private static readonly VerifierFinding?[] Opinions =
    [
        null,
        new("v", Verdict.Supported),
        new("v", Verdict.Supported) { IsProof = true },
        new("v", Verdict.Unverifiable),
        new("v", Verdict.Contradicted),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Combine_EveryCombinationOfUpToThree_FollowsTheRule(bool failed)
    {
        var seen = 0;
        foreach (var opinions in Combinations(0).Concat(Combinations(1)).Concat(Combinations(2)).Concat(Combinations(3)))
        {
            seen++;
            VerifierFinding[] said = [.. opinions.OfType<VerifierFinding>()];
            var expected = said.Any(f => f.Verdict == Verdict.Contradicted) ? Verdict.Contradicted
                : said.Any(f => f.IsProof) ? Verdict.Supported
                : !failed && said.Length > 0 && said.All(f => f.Verdict == Verdict.Supported) ? Verdict.Supported
                : Verdict.Unverifiable;
            Assert.Equal(expected, VerdictCombination.Combine(said, failed));
        }

        Assert.Equal(1 + 5 + 25 + 125, seen);
    }

    private static IEnumerable<VerifierFinding?[]> Combinations(int count) =>
        count == 0 ? [[]] : Combinations(count - 1).SelectMany(_ => Opinions, (VerifierFinding?[] head, VerifierFinding? last) => (VerifierFinding?[])[.. head, last]);
}
