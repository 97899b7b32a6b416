using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>The fix of MSG001; each test also sees that the rule is silent afterwards and that the result compiles.</summary>
public class GuardClientFixTests
{
    private static readonly Verify Unguarded = new("MSG001");

    private const string Guard = ".UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6))";

    [Theory]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\");", "IChatClient client = new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build();")]
    [InlineData("using var client = new OllamaApiClient(uri, \"m\");", "using var client = new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build();")]
    [InlineData(
        "var client = new OpenAI.OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient(); // the client",
        "var client = new OpenAI.OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient().AsBuilder()" + Guard + ".Build(); // the client")]
    [InlineData(
        "var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseLogging().Build();",
        "var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder()" + Guard + ".UseLogging().Build();")]
    [InlineData(
        "var client = new ChatClientBuilder(new OllamaApiClient(uri, \"m\")).Build();",
        "var client = new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build();")]
    [InlineData(
        "var builder = new ChatClientBuilder(_ => new OllamaApiClient(uri, \"m\")); builder.UseLogging(); var client = builder.Build();",
        "var builder = new ChatClientBuilder(_ => new OllamaApiClient(uri, \"m\"))" + Guard + "; builder.UseLogging(); var client = builder.Build();")]
    [InlineData(
        "var client = flag ? injected : new OllamaApiClient(uri, \"m\");",
        "var client = flag ? injected : new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build();")]
    [InlineData(
        "IChatClient client = flag ? new OllamaApiClient(uri, \"m\") : new OllamaApiClient(uri, \"n\");",
        "IChatClient client = flag ? new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build() : new ChatClientBuilder(new OllamaApiClient(uri, \"n\"))" + Guard + ".Build();")]
    public async Task Fix_GuardsTheClientWhereItIsMade(string origin, string guarded) => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        origin + "\nawait [|client.GetResponseAsync(\"q\")|];",
        guarded + "\nawait client.GetResponseAsync(\"q\");");

    [Fact]
    public async Task Fix_KeepsAChainOfLinesAndItsComments() => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        """
        // The model.
        var model = new OpenAI.OpenAIClient("k")
            .GetChatClient("m") // small
            .AsIChatClient();   // as a chat client

        var client = ((IChatClient)new OllamaApiClient(uri, "m"))
            .AsBuilder() // from here on
            .UseLogging()
            .Build();
        await [|model.GetResponseAsync("q")|];
        await [|client.GetResponseAsync("q")|];
        """,
        $"""
        // The model.
        var model = new OpenAI.OpenAIClient("k")
            .GetChatClient("m") // small
            .AsIChatClient()
            .AsBuilder()
            {Guard}
            .Build();   // as a chat client

        var client = ((IChatClient)new OllamaApiClient(uri, "m"))
            .AsBuilder()
            {Guard} // from here on
            .UseLogging()
            .Build();
        await model.GetResponseAsync("q");
        await client.GetResponseAsync("q");
        """);

    [Fact]
    public async Task Fix_OfAllCalls_GuardsASharedClientOnce() => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        """
        IChatClient inner = new OllamaApiClient(uri, "m");
        IChatClient outer = inner.AsBuilder().UseLogging().Build();
        await [|inner.GetResponseAsync("q")|];
        await [|inner.GetResponseAsync<int>("q")|];
        await [|outer.GetResponseAsync("q")|];
        """,
        $"""
        IChatClient inner = new ChatClientBuilder(new OllamaApiClient(uri, "m")){Guard}.Build();
        IChatClient outer = inner.AsBuilder().UseLogging().Build();
        await inner.GetResponseAsync("q");
        await inner.GetResponseAsync<int>("q");
        await outer.GetResponseAsync("q");
        """);

    [Fact]
    public async Task Fix_OfACallOnANewClient_StaysInPlace() => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        "Console.WriteLine(await [|new OllamaApiClient(uri, \"m\").GetResponseAsync(\"q\")|]);",
        "Console.WriteLine(await new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build().GetResponseAsync(\"q\"));");

    [Fact]
    public async Task Fix_WhereTheNameIsTaken_TakesAnother() => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        """
        var guard = 1;
        IChatClient client = new OllamaApiClient(uri, "m");
        await [|client.GetResponseAsync("q" + guard)|];
        """,
        """
        var guard = 1;
        IChatClient client = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHallucinationGuard(guard2 => guard2.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6)).Build();
        await client.GetResponseAsync("q" + guard);
        """);

    [Fact]
    public async Task Fix_InAFileWithHeaderUsingsAndField_AddsTheUsingInItsPlace() => await Unguarded.FixesAsync<GuardClientCodeFixProvider>(
        """
        // The header of the file.
        using System.Text;
        using Zeta;

        namespace Zeta
        {
            /// <summary>A type.</summary>
            class C
            {
                private static readonly IChatClient Client = new OllamaApiClient("http://localhost:11434/", "m");

                Task M() => [|Client.GetResponseAsync(new StringBuilder().ToString())|];
            }
        }
        """,
        $$"""
        // The header of the file.
        using System.Text;
        using Microscale.Guard;
        using Zeta;

        namespace Zeta
        {
            /// <summary>A type.</summary>
            class C
            {
                private static readonly IChatClient Client = new ChatClientBuilder(new OllamaApiClient("http://localhost:11434/", "m")){{Guard}}.Build();

                Task M() => Client.GetResponseAsync(new StringBuilder().ToString());
            }
        }
        """);

    [Fact]
    public async Task Fix_WhereTheUsingIsThere_AddsNone() => await Unguarded.FixesAsync<GuardClientCodeFixProvider>(
        "using Microscale.Guard;\n\n" + Verify.InMethod("await [|((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Build().GetResponseAsync(\"q\")|];"),
        "using Microscale.Guard;\n\n" + Verify.InMethod("await ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder()" + Guard + ".Build().GetResponseAsync(\"q\");"));

    [Fact]
    public async Task Fix_WhereTheProvidersTypeIsNeeded_GuardsTheCall() => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        """
        var client = new OllamaApiClient(uri, "m");
        client.SelectedModel = "n";
        await [|client.GetResponseAsync("q")|];
        """,
        $"""
        var client = new OllamaApiClient(uri, "m");
        client.SelectedModel = "n";
        await new ChatClientBuilder(client){Guard}.Build().GetResponseAsync("q");
        """);

    [Fact]
    public async Task Fix_OfAClientFromAnotherFile_GuardsItThere() => await Unguarded.FixesAsync<GuardClientCodeFixProvider>(
        [
            """
            static class Clients
            {
                public static IChatClient Create(Uri uri) => new OllamaApiClient(uri, "m");
            }
            """,
            """
            class C
            {
                async Task M(Uri uri)
                {
                    await [|Clients.Create(uri).GetResponseAsync("q")|];
                    await [|Clients.Create(uri).GetResponseAsync("r")|];
                }
            }
            """,
        ],
        [
            $$"""
            using Microscale.Guard;

            static class Clients
            {
                public static IChatClient Create(Uri uri) => new ChatClientBuilder(new OllamaApiClient(uri, "m")){{Guard}}.Build();
            }
            """,
            """
            class C
            {
                async Task M(Uri uri)
                {
                    await Clients.Create(uri).GetResponseAsync("q");
                    await Clients.Create(uri).GetResponseAsync("r");
                }
            }
            """,
        ]);

    [Fact]
    public async Task Fix_OfAnAgent_GuardsItsClient() => await Unguarded.FixesInMethodAsync<GuardClientCodeFixProvider>(
        """
        var agent = new OpenAI.OpenAIClient("k").GetChatClient("m").AsIChatClient().AsAIAgent("i");
        await [|agent.RunAsync("q")|];
        """,
        $"""
        var agent = new OpenAI.OpenAIClient("k").GetChatClient("m").AsIChatClient().AsBuilder(){Guard}.Build().AsAIAgent("i");
        await agent.RunAsync("q");
        """);

    [Fact]
    public async Task Fix_WithoutUsings_WritesWhatCompiles() => await new Verify("MSG001") { HasImplicitUsings = false }.FixesAsync<GuardClientCodeFixProvider>(
        """
        class C
        {
            private Microsoft.Extensions.AI.IChatClient client = new OllamaSharp.OllamaApiClient("http://a/", "m");
            System.Threading.Tasks.Task M() => [|client.GetResponseAsync([])|];
        }
        """,
        $$"""
        using Microscale.Guard;
        using Microsoft.Extensions.AI;

        class C
        {
            private Microsoft.Extensions.AI.IChatClient client = new ChatClientBuilder(new OllamaSharp.OllamaApiClient("http://a/", "m")){{Guard}}.Build();
            System.Threading.Tasks.Task M() => client.GetResponseAsync([]);
        }
        """);
}
