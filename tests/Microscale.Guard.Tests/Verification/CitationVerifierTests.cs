using Microscale.Guard.Testing;

namespace Microscale.Guard.Tests.Verification;

public class CitationVerifierTests
{
    private static readonly Evidence[] Evidence = [new("a", "one"), new("b", "two"), new("c", "three, as in [3]")];

    [Fact]
    public async Task Verify_Citations_MustExist()
    {
        var findings = await VerifyAsync(new CitationVerifier(), [1, 2], [4], [0], [], [7, 8]);
        Assert.Equal([null, Verdict.Unverifiable, Verdict.Unverifiable, null, Verdict.Unverifiable], findings.Select(f => f?.Verdict));
        Assert.Equal("It cites [7, 8], which does not exist.", findings[4]!.Explanation);
    }

    [Fact]
    public async Task Verify_MarkerThatAPassageHolds_IsNoCitation() => Assert.Null((await VerifyAsync(new CitationVerifier(), [3]))[0]);

    [Fact]
    public async Task Verify_RequiredCitation_IsMissed()
    {
        var findings = await VerifyAsync(new CitationVerifier { RequireCitations = true }, [1], []);
        Assert.Equal([null, "It cites no evidence."], findings.Select(f => f?.Explanation));
    }

    [Fact]
    public async Task Verify_WithSupport_AsksByTheCitedPassagesOnly()
    {
        var support = new ScriptedVerifier(c => c.Start == 0 ? Verdict.Supported : c.Start == 1 ? Verdict.Contradicted : null);
        var findings = await VerifyAsync(new CitationVerifier(support), [2], [1, 2], [2, 1], [], [9]);

        Assert.Equal([Verdict.Supported, Verdict.Contradicted, null, null, Verdict.Unverifiable], findings.Select(f => f?.Verdict));
        Assert.Equal("The cited evidence [1, 2] does not say so.", findings[1]!.Explanation);
        Assert.All(findings.OfType<VerifierFinding>(), f => Assert.Equal("citation", f.Verifier));
        Assert.Equal(["b", "a,b"], support.Contexts.Select(c => string.Join(',', c.Evidence.Select(e => e.Id))));
    }

    [Fact]
    public async Task Verify_SupportThatLies_Throws() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => VerifyAsync(new CitationVerifier(new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = Misbehaviour.Lies }), [1]));

    private static async Task<IReadOnlyList<VerifierFinding?>> VerifyAsync(CitationVerifier verifier, params int[][] citations) =>
        await verifier.VerifyAsync(new VerificationContext([.. citations.Select((c, i) => new Claim("x", i, 1) { Citations = c })], Evidence, ""));
}
