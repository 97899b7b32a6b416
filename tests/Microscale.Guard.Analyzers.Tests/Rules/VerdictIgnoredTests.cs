using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class VerdictIgnoredTests
{
    private static readonly Verify Ignored = new("MSG006");

    private static string In(string body) => $$"""
        using Microscale.Guard;

        class C
        {
            async Task<object?> M(IClaimVerifier verifier, IConfidenceScorer scorer, Uri uri, IChatClient injected)
            {
                IChatClient verified = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseVerification(verifier).Build();
                IChatClient scored = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseConfidence(scorer).UseLogging().Build();
                IChatClient guarded = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseAbstention(_ => { }).UseVerification(verifier).Build();
                {{body.Replace("\n", "\n        ", StringComparison.Ordinal)}}
                return null;
            }
        }
        """;

    [Theory]
    [InlineData("var answer = await [|verified.GetResponseAsync(\"q\")|]; Console.WriteLine(answer.Text);")]
    [InlineData("var answer = await [|scored.GetResponseAsync(\"q\")|].ConfigureAwait(false); Console.WriteLine(answer.ModelId + answer.Text);")]
    [InlineData("ChatResponse answer; answer = await [|verified.GetResponseAsync(\"q\")|]; return answer.ToString();")]
    [InlineData("Console.WriteLine((await [|verified.GetResponseAsync(\"q\")|]).Text);")]
    [InlineData("Console.WriteLine(await [|verified.GetResponseAsync(\"q\")|]);")]
    [InlineData("await foreach (var update in [|scored.GetStreamingResponseAsync(\"q\")|]) { Console.Write(update.Text); }")]
    public async Task TextWithoutALookAtTheJudgement_IsReported(string body) => await Ignored.ReportsAsync(In(body));

    [Theory]
    [InlineData("var answer = await verified.GetResponseAsync(\"q\"); if (answer.GetGuardReport()?.Verdicts is []) { Console.WriteLine(answer.Text); }")]
    [InlineData("var answer = await verified.GetResponseAsync(\"q\"); return answer;")]
    [InlineData("var answer = await verified.GetResponseAsync(\"q\"); Console.WriteLine(answer.ModelId);")]
    [InlineData("return await verified.GetResponseAsync(\"q\");")]
    [InlineData("await foreach (var update in scored.GetStreamingResponseAsync(\"q\")) { Console.Write(update.Text); _ = update.GetGuardReport(); }")]
    [InlineData("var answer = await guarded.GetResponseAsync(\"q\"); Console.WriteLine(answer.Text);")]
    [InlineData("var answer = await injected.GetResponseAsync(\"q\"); Console.WriteLine(answer.Text);")]
    public async Task TextThatIsLookedAtOrReplaced_IsSilent(string body) => await Ignored.ReportsAsync(In(body));

    [Fact]
    public async Task Fix_InsertsTheCheck() => await Ignored.FixesAsync<CheckJudgementCodeFixProvider>(
        In("""
            var first = await [|verified.GetResponseAsync("q")|]; // ask
            Console.WriteLine(first.Text);
            var second = await [|scored.GetResponseAsync("q")|];
            Console.WriteLine(second.Text);
            """),
        In("""
            var first = await verified.GetResponseAsync("q"); // ask
            if (first.GetGuardReport() is not GuardReport { Verdicts: { } verdicts } || verdicts.Any(verdict => verdict.Verdict != Verdict.Supported))
            {
                throw new InvalidOperationException("The evidence does not support the answer.");
            }

            Console.WriteLine(first.Text);
            var second = await scored.GetResponseAsync("q");
            if (second.GetGuardReport() is not GuardReport { Confidence.Value: >= 0.6 })
            {
                throw new InvalidOperationException("The answer is not sure enough.");
            }

            Console.WriteLine(second.Text);
            """));
}
