namespace Microscale.Guard.Tests.Verification;

public class QuotationVerifierTests
{
    private static readonly Evidence[] Evidence =
        [new("a", "She said: “We’ll go to the Moon – not because it is easy, but because it is hard.” It was 1962."), new("b", "彼は「月へ行く」と言った。")];

    [Theory]
    [InlineData("She said \"We'll go to the moon, not because it is easy\".")]
    [InlineData("She said «because it is hard».")]
    [InlineData("She said “We’ll go … because it is hard”.")]
    [InlineData("She said \"We'll go [...] because [it] is hard\".")]
    [InlineData("She used the word \"fear\".")]
    [InlineData("She said that they would go.")]
    [InlineData("彼は「月へ行く」と言った。")]
    public async Task Verify_WordForWord_HasNoOpinion(string claim) => Assert.Null(await VerifyAsync(claim, Evidence));

    [Theory]
    [InlineData("She said \"We will go to the Moon\".")]
    [InlineData("She said “because it is easy … We’ll go”.")]
    [InlineData("彼は「火星へ行く」と言った。")]
    public async Task Verify_OtherWords_IsUnverifiable(string claim)
    {
        var finding = await VerifyAsync(claim, Evidence);
        Assert.Equal(Verdict.Unverifiable, finding!.Verdict);
        Assert.StartsWith("The quotation \"", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_PartsInTwoPassages_IsUnverifiable() =>
        Assert.NotNull(await VerifyAsync("It says \"one two ... three four\".", [new("a", "one two"), new("b", "three four")]));

    [Fact]
    public async Task Verify_WithoutEvidence_HasNoOpinion() => Assert.Null(await VerifyAsync("She said \"we will go\".", []));

    private static async Task<VerifierFinding?> VerifyAsync(string claim, Evidence[] evidence) =>
        Assert.Single(await new QuotationVerifier().VerifyAsync(new VerificationContext([new Claim(claim, 0, claim.Length)], evidence, "")));
}
