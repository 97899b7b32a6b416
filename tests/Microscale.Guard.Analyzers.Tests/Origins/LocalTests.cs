using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class LocalTests
{
    private static readonly Verify Unguarded = new("MSG001");

    private const string Guard = ".AsBuilder().UseHallucinationGuard(_ => { }).Build();";

    [Theory]
    [InlineData("IChatClient client = injected; client = new OllamaApiClient(uri, \"m\");")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); if (flag) { client = client" + Guard + " }")]
    [InlineData("IChatClient client = injected" + Guard + " if (flag) client = new OllamaApiClient(uri, \"m\");")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); try { client = injected" + Guard + " } catch (Exception) { }")]
    [InlineData("IChatClient client; switch (flag) { case true: client = new OllamaApiClient(uri, \"m\"); break; default: client = injected; break; }")]
    [InlineData("IChatClient one = new OllamaApiClient(uri, \"m\"); IChatClient two = one; IChatClient client = two;")]
    [InlineData("IChatClient client; IChatClient other = client = new OllamaApiClient(uri, \"m\");")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); while (flag) { client = new ChatClientBuilder(client).Build(); }")]
    public async Task Call_WhenAnUnguardedAssignmentReachesIt_IsReported(string before) =>
        await Unguarded.ReportsInMethodAsync(before + "\nawait [|client.GetResponseAsync(\"q\")|];");

    [Theory]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); client = client" + Guard)]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); client = new ChatClientBuilder(client).UseAbstention(_ => { }).Build();")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); client = injected;")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); Replace(ref client); void Replace(ref IChatClient c) => c = injected;")]
    [InlineData("Make(out var client); void Make(out IChatClient c) => c = new OllamaApiClient(uri, \"m\");")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); (client, flag) = (injected, true);")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\"); Set(); void Set() { client = injected; }")]
    [InlineData("IChatClient client = null!; while (flag) { client = client; }")]
    public async Task Call_WhenNoUnguardedAssignmentReachesIt_IsSilent(string before) =>
        await Unguarded.ReportsInMethodAsync(before + "\nawait client.GetResponseAsync(\"q\");");

    [Fact]
    public async Task Call_BeforeTheGuardedAssignment_IsReported() => await Unguarded.ReportsInMethodAsync($$"""
        IChatClient client = new OllamaApiClient(uri, "m");
        await [|client.GetResponseAsync("q")|];
        client = client{{Guard}}
        await client.GetResponseAsync("q");
        """);

    [Fact]
    public async Task Call_ReachedRoundALoop_IsReported() => await Unguarded.ReportsInMethodAsync($$"""
        IChatClient client = injected;
        foreach (var question in new[] { "q", "r" })
        {
            await [|client.GetResponseAsync(question)|];
            client = new OllamaApiClient(uri, "m");
        }

        foreach (var question in new[] { "q", "r" })
        {
            client = injected{{Guard}}
            await client.GetResponseAsync(question);
            client = new OllamaApiClient(uri, "m");
        }
        """);

    [Fact]
    public async Task Call_InALambda_SeesTheOneAssignmentAround() => await Unguarded.ReportsInMethodAsync($$"""
        IChatClient client = new OllamaApiClient(uri, "m");
        Func<Task> ask = () => [|client.GetResponseAsync("q")|];
        await Ask();
        async Task Ask() => await [|client.GetResponseAsync("q")|];

        IChatClient later = new OllamaApiClient(uri, "m");
        later = later{{Guard}}
        Func<Task> guarded = () => later.GetResponseAsync("q");
        """);

    [Fact]
    public async Task Call_InTheLambdaThatMakesTheClient_IsReported() => await Unguarded.ReportsInMethodAsync("""
        Func<Task> ask = async () =>
        {
            IChatClient client = new OllamaApiClient(uri, "m");
            await [|client.GetResponseAsync("q")|];
        };
        """);
}
