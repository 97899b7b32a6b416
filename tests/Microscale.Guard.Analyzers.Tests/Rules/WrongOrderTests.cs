using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class WrongOrderTests
{
    private static readonly Verify Order = new("MSG005");

    private static string In(string body) => $$"""
        using Microscale.Guard;

        class C
        {
            void M(IChatClient client, IEvidenceSource source, IClaimVerifier verifier, IConfidenceScorer scorer, bool flag)
            {
                {{body.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;

    [Theory]
    [InlineData("client.AsBuilder().UseVerification(verifier).[|UseAbstention|](_ => { }).Build();")]
    [InlineData("client.AsBuilder().UseConfidence(scorer).UseLogging().[|UseAbstention|](_ => { }).Build();")]
    [InlineData("client.AsBuilder().UseVerification(verifier).[|UseGrounding|](source).Build();")]
    [InlineData("client.AsBuilder().UseAbstention(_ => { }).UseVerification(verifier).[|UseGrounding|](source).Build();")]
    [InlineData("client.AsBuilder().UseHallucinationGuard(_ => { }).[|UseGrounding|](source).Build();")]
    [InlineData("client.AsBuilder().UseHallucinationGuard(_ => { }).UseLogging().[|UseDistributedCache|]().Build();")]
    [InlineData("new ChatClientBuilder(client).UseConfidence(scorer).[|UseDistributedCache|]().Build();")]
    [InlineData("client.AsBuilder().UseHallucinationGuard(_ => { }).[|UseHallucinationGuard|](_ => { }).Build();")]
    [InlineData("client.AsBuilder().UseAbstention(_ => { }).[|UseHallucinationGuard|](_ => { }).Build();")]
    [InlineData("var builder = client.AsBuilder(); builder.UseVerification(verifier); builder.UseLogging().[|UseAbstention|](_ => { });")]
    [InlineData("var builder = client.AsBuilder().UseHallucinationGuard(_ => { }); builder.[|UseDistributedCache|]();")]
    [InlineData("var guarded = client.AsBuilder().UseHallucinationGuard(_ => { }).Build(); guarded.AsBuilder().[|UseHallucinationGuard|](_ => { }).Build();")]
    [InlineData("new ChatClientBuilder(client.AsBuilder().UseAbstention(_ => { }).Build()).UseLogging().[|UseHallucinationGuard|](_ => { }).Build();")]
    public async Task WrongOrder_IsReported(string chain) => await Order.ReportsAsync(In(chain));

    [Theory]
    [InlineData("client.AsBuilder().UseGrounding(source).UseAbstention(_ => { }).UseVerification(verifier).UseConfidence(scorer).Build();")]
    [InlineData("client.AsBuilder().UseDistributedCache().UseHallucinationGuard(_ => { }).UseFunctionInvocation().Build();")]
    [InlineData("client.AsBuilder().UseFunctionInvocation().UseHallucinationGuard(_ => { }).UseLogging().Build();")]
    [InlineData("client.AsBuilder().UseGrounding(source).UseHallucinationGuard(_ => { }).Build();")]
    [InlineData("client.AsBuilder().UseGrounding(source).UseDistributedCache().Build();")]
    [InlineData("client.AsBuilder().UseConfidence(scorer).UseVerification(verifier).Build();")]
    [InlineData("var builder = client.AsBuilder(); if (flag) { builder.UseHallucinationGuard(_ => { }); } else { builder.UseAbstention(_ => { }); }")]
    [InlineData("var one = client.AsBuilder().UseHallucinationGuard(_ => { }); var two = client.AsBuilder().UseHallucinationGuard(_ => { });")]
    [InlineData("client.AsBuilder().UseHallucinationGuard(guard => guard.EscalateTo(client.AsBuilder().UseDistributedCache().Build())).Build();")]
    public async Task RightOrder_IsSilent(string chain) => await Order.ReportsAsync(In(chain));

    [Theory]
    [InlineData(
        "client.AsBuilder().UseLogging().UseVerification(verifier).[|UseAbstention|](_ => { }).UseFunctionInvocation().Build();",
        "client.AsBuilder().UseLogging().UseAbstention(_ => { }).UseVerification(verifier).UseFunctionInvocation().Build();")]
    [InlineData(
        "client.AsBuilder().UseHallucinationGuard(_ => { }).[|UseDistributedCache|]().Build();",
        "client.AsBuilder().UseDistributedCache().UseHallucinationGuard(_ => { }).Build();")]
    [InlineData(
        "client.AsBuilder().UseHallucinationGuard(_ => { }).UseLogging().[|UseAbstention|](_ => { }).Build();",
        "client.AsBuilder().UseHallucinationGuard(_ => { }).UseLogging().Build();")]
    [InlineData(
        """
        client.AsBuilder()
            // judge
            .UseVerification(verifier)
            // look
            .[|UseGrounding|](source) // documents
            .Build();
        """,
        """
        client.AsBuilder()
            // look
            .UseGrounding(source) // documents
            // judge
            .UseVerification(verifier)
            .Build();
        """)]
    [InlineData(
        """
        var chain = client.AsBuilder()
            .UseVerification(verifier)
            .UseLogging()
            .[|UseAbstention|](_ => { });
        """,
        """
        var chain = client.AsBuilder()
            .UseAbstention(_ => { })
            .UseVerification(verifier)
            .UseLogging();
        """)]
    public async Task Fix_PutsTheChainInOrder(string chain, string fixedChain) => await Order.FixesAsync<ReorderChainCodeFixProvider>(In(chain), In(fixedChain));
}
