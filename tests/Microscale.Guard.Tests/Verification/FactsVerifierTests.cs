using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class FactsVerifierTests
{
    private static readonly Evidence[] Evidence =
    [
        new("a", "Carlos Drummond de Andrade (31 October 1902 – 1987) was a Brazilian poet. About 1,200 people and 5% of the United Nations staff came.")
        {
            Source = "Handbook of Letters",
        },
        new("b", "The NASA probe flew 3.5 million km in the 1960s. Barack Obama, then the president, saw Rio."),
    ];

    [Theory]
    [InlineData("The poet Carlos Drummond was from Brazil.")]
    [InlineData("The poet CARLOS DRUMMOND's work was long.")]
    [InlineData("He was born on October 31, 1902.")]
    [InlineData("He was born in 1902 and died in 1987.")]
    [InlineData("He was born in October 1902, in October.")]
    [InlineData("About 1.2 thousand people from the UN came, that is 5 percent.")]
    [InlineData("It flew 3,500,000 km in the 1960s.")]
    [InlineData("They saw President Barack Obama.")]
    [InlineData("This is from the Handbook of Letters.")]
    [InlineData("It is one of the first.")]
    [InlineData("nothing to check here")]
    [InlineData("It flew 3.5 billion metres.")]
    [InlineData("It flew about 2.17 million miles.")]
    [InlineData("In all 1,200 + 1902 = 3,102 came.")]
    public async Task Verify_AllIsNamed_HasNoOpinion(string claim) => Assert.Null(await VerifyAsync(claim));

    [Theory]
    [InlineData("He won it in 2013.", "2013 is not in the evidence.")]
    [InlineData("The physicist Carlos Gomes won the Nobel Prize in 2013.", "2013, Carlos Gomes and Nobel Prize are not in the evidence.")]
    [InlineData("He was born on 30 October 1902.", "30 October 1902 is not in the evidence.")]
    [InlineData("It was 1,201 people.", "1,201 is not in the evidence.")]
    [InlineData("It flew in 1960.", "1960 is not in the evidence.")]
    [InlineData("There were 5 people.", "5 is not in the evidence.")]
    [InlineData("There were twelve people.", "twelve is not in the evidence.")]
    [InlineData("It flew 3.5 million miles.", "3.5 million is not in the evidence.")]
    [InlineData("It flew 3.5 million dollars.", "3.5 million is not in the evidence.")]
    [InlineData("In all 1,200 + 1902 = 3,103 came.", "3,103 is not in the evidence.")]
    [InlineData("It was ٣ people.", "٣ is not in the evidence.")]
    [InlineData("He met Carlos Obama.", "Carlos Obama is not in the evidence.")]
    [InlineData("What year did he win? 2014.", "2014 is not in the evidence.")]
    [InlineData("Where was he? Lisbon.", "Lisbon is not in the evidence.")]
    public async Task Verify_SomethingIsMissing_IsUnverifiableAndSaysWhat(string claim, string explanation)
    {
        var finding = await VerifyAsync(claim);
        Assert.Equal((Verdict.Unverifiable, explanation, "facts"), (finding!.Verdict, finding.Explanation, finding.Verifier));
    }

    [Fact]
    public async Task Verify_WhatOnlyTheQuestionSays_IsNotEvidence()
    {
        var context = new VerificationContext([new Claim("It was in 2013.", 0, 15)], Evidence, "Did he win in 2013?");
        Assert.Equal(Verdict.Unverifiable, (await new FactsVerifier().VerifyAsync(context))[0]!.Verdict);
    }

    [Fact]
    public async Task Verify_WithoutEvidence_HasNoOpinion()
    {
        var context = new VerificationContext([new Claim("It was 5.", 0, 9), new Claim("it was so", 0, 9)], [], "");
        Assert.Equal([null, null], await new FactsVerifier().VerifyAsync(context));
    }

    [Fact]
    public void Verify_AnyPartOfTheEvidence_IsNeverDoubted()
    {
        // What the evidence says word for word, the evidence names.
        string[] known = ["Carlos ", "Drummond ", "de ", "Andrade ", "was ", "born ", "31 ", "October ", "1902 ", "U.N. ", "5% ", "the ", "1,200 ", "million ", "2024-05-03 ", "São ", "Paulo's ", ". ", ", ", "one ", "twenty ", "In ", "1960s "];
        Gen.Int[0, known.Length - 1].Select(i => known[i]).Array[1, 25].Select(string.Concat).Sample(
            text =>
            {
                var context = new VerificationContext([new Claim(text, 0, text.Length)], [new Evidence("e", text)], "");
                Assert.Null(new FactsVerifier().VerifyAsync(context).AsTask().GetAwaiter().GetResult()[0]);
            },
            iter: 5_000);
    }

    private static async Task<VerifierFinding?> VerifyAsync(string claim) =>
        Assert.Single(await new FactsVerifier().VerifyAsync(new VerificationContext([new Claim(claim, 0, claim.Length)], Evidence, "")));
}
