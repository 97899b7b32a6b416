using System.Globalization;
using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class ArithmeticVerifierTests
{
    [Theory]
    [InlineData("12 × 12 = 144.")]
    [InlineData("So 3 plus 4 is 7.")]
    [InlineData("20% of 50 is 10.")]
    [InlineData("2 + 3 * 4 = 14")]
    [InlineData("1,200 - 200 equals 1,000.")]
    [InlineData("10 / 3 = 3.33")]
    [InlineData("1 / 4 = 25%")]
    [InlineData("−3 + 5 = 2")]
    public async Task Verify_NothingButARightSum_IsProven(string claim)
    {
        var finding = await VerifyAsync(claim);
        Assert.Equal((Verdict.Supported, true), (finding!.Verdict, finding.IsProof));
    }

    [Theory]
    [InlineData("12 × 12 = 124.", "12 × 12 is 144, not 124.")]
    [InlineData("He paid 3 + 4 = 8 dollars.", "3 + 4 is 7, not 8.")]
    [InlineData("10 / 3 = 3.34", "10 / 3 is 3.3333, not 3.34.")]
    [InlineData("20% of 50 is 15.", "20% of 50 is 10, not 15.")]
    [InlineData("100 times 7 is about 900.", "100 times 7 is 700, not 900.")]
    public async Task Verify_WrongSum_IsContradictedWithTheRightOne(string claim, string explanation)
    {
        var finding = await VerifyAsync(claim);
        Assert.Equal((Verdict.Contradicted, explanation), (finding!.Verdict, finding.Explanation));
    }

    [Theory]
    [InlineData("He paid 3 + 4 = 7 dollars.")]
    [InlineData("100 times 7 is about 690 in all.")]
    [InlineData("The years 1914-1918 are 4 too many.")]
    [InlineData("On 3/4 is 5 a number.")]
    [InlineData("1 / 0 = 3 is nonsense.")]
    [InlineData("100 + 10% = 110")]
    [InlineData("There is no sum.")]
    [InlineData("99999999999999999999999999999 × 99999999999999999999999999999 = 1 is long.")]
    public async Task Verify_RightInAStatementOrNoSum_HasNoOpinion(string claim) => Assert.Null(await VerifyAsync(claim));

    [Fact]
    public void Verify_AnySumOfThree_IsRecomputed() =>
        Gen.Select(Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[1, 99], Gen.Int[-2, 2]).Sample(
            (a, b, c, error) =>
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{a} + {b} × {c} = {a + (b * c) + error}");
                var finding = Assert.Single(new ArithmeticVerifier().VerifyAsync(Context(text)).AsTask().GetAwaiter().GetResult());
                Assert.Equal(a + (b * c) + error < 0 ? finding?.Verdict : error == 0 ? Verdict.Supported : Verdict.Contradicted, finding?.Verdict);
            },
            iter: 2_000);

    private static VerificationContext Context(string claim) => new([new Claim(claim, 0, claim.Length)], [], "");

    private static async Task<VerifierFinding?> VerifyAsync(string claim) => Assert.Single(await new ArithmeticVerifier().VerifyAsync(Context(claim)));
}
