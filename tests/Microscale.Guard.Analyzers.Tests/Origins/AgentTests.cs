using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class AgentTests
{
    /// <summary>A part of the agent framework that is in a package of its own.</summary>
    private const string OpenAIAgents = """
        using System;
        using Microsoft.Extensions.AI;
        namespace Contoso
        {
            public class Projects { }
            public class Workflow { }
            public static class WorkflowExtensions
            {
                public static Microsoft.Agents.AI.AIAgent AsAIAgent(this Workflow workflow, string name) => null;
            }
            public static class ProjectsExtensions
            {
                public static Microsoft.Agents.AI.AIAgent AsAIAgent(this Projects projects, string instructions, Func<IChatClient, IChatClient> clientFactory = null) => null;
                public static System.Threading.Tasks.Task<Microsoft.Agents.AI.AIAgent> GetAIAgentAsync(this Projects projects, string name) => null;
            }
        }

        namespace OpenAI.Chat
        {
            public static class OpenAIChatClientExtensions
            {
                public static Microsoft.Agents.AI.ChatClientAgent AsAIAgent(this ChatClient client, string instructions = null, Func<IChatClient, IChatClient> clientFactory = null) => null;
            }
        }
        """;

    private static readonly Verify Unguarded = new("MSG001");

    private static readonly Verify WithOpenAIAgents = new("MSG001") { CompiledAgainst = [.. References.All, References.Library("Microsoft.Agents.AI.OpenAI", OpenAIAgents)] };

    [Fact]
    public async Task Run_OfAnAgentWithoutAGuard_IsReported() => await Unguarded.ReportsInMethodAsync("""
        IChatClient client = new OllamaApiClient(uri, "m");
        Microsoft.Agents.AI.AIAgent agent = client.AsAIAgent("instructions");
        await [|agent.RunAsync("q")|];
        await [|agent.RunAsync<int>("q")|];
        await foreach (var update in [|agent.RunStreamingAsync("q")|]) { }
        await [|new Microsoft.Agents.AI.ChatClientAgent(client).RunAsync("q")|];
        var decorated = Microsoft.Agents.AI.AIAgentExtensions.AsBuilder(agent).Use(inner => inner).Build();
        await [|decorated.RunAsync("q")|];
        await [|client.AsBuilder().UseLogging().BuildAIAgent("i").RunAsync("q")|];
        """);

    [Fact]
    public async Task Run_OfAnAgentWithAGuard_IsSilent() => await Unguarded.ReportsInMethodAsync("""
        IChatClient client = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHallucinationGuard(_ => { }).Build();
        Microsoft.Agents.AI.AIAgent agent = client.AsAIAgent("instructions");
        await agent.RunAsync("q");
        await new Microsoft.Agents.AI.ChatClientAgent(client, "i").RunAsync("q");
        await client.AsBuilder().BuildAIAgent("i").RunAsync("q");
        await injected.AsAIAgent("i").RunAsync("q");
        """);

    [Fact]
    public async Task Run_OfAProvidersAgent_LooksIntoTheClientFactory() => await WithOpenAIAgents.ReportsAsync("""
        class C
        {
            async Task M(OpenAI.OpenAIClient openai)
            {
                await [|OpenAI.Chat.OpenAIChatClientExtensions.AsAIAgent(openai.GetChatClient("m"), "i").RunAsync("q")|];
                await [|OpenAI.Chat.OpenAIChatClientExtensions.AsAIAgent(openai.GetChatClient("m"), "i", clientFactory: c => c.AsBuilder().UseLogging().Build()).RunAsync("q")|];
                await OpenAI.Chat.OpenAIChatClientExtensions.AsAIAgent(openai.GetChatClient("m"), "i", clientFactory: c => c.AsBuilder().UseAbstention(_ => { }).Build()).RunAsync("q");
                await [|new Contoso.Projects().AsAIAgent("i").RunAsync("q")|];
                await [|(await new Contoso.Projects().GetAIAgentAsync("i")).RunAsync("q")|];
                await new Contoso.Projects().AsAIAgent("i", c => c.AsBuilder().UseAbstention(_ => { }).Build()).RunAsync("q");
            }
        }
        """.Insert(0, "using Contoso;\n"));

    [Fact]
    public async Task Run_OfAWorkflowAsAnAgent_IsSilent() => await WithOpenAIAgents.ReportsAsync("""
        using Contoso;

        class C
        {
            async Task M(Workflow workflow) => await workflow.AsAIAgent("w").RunAsync("q");
        }
        """);

    [Fact]
    public async Task OtherRuns_AreSilent() => await Unguarded.ReportsAsync("""
        class App
        {
            public Task RunAsync(string name) => Task.CompletedTask;
            static Task M(App app) => app.RunAsync("q");
        }
        """);
}
