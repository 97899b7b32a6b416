using Microscale.Guard;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using OllamaSharp;

namespace ValidCode;

public static class Agents
{
    public static async Task RunAsync(Uri address, IClaimVerifier verifier)
    {
        IChatClient client = new ChatClientBuilder(new OllamaApiClient(address, "m")).UseHallucinationGuard(guard => guard.VerifyWith([verifier])).Build();
        var agent = client.AsAIAgent("You answer.");
        await agent.RunAsync("q");
        await foreach (var update in new ChatClientAgent(client).RunStreamingAsync("q"))
        {
            Console.Write(update);
        }

        var builder = Kernel.CreateBuilder();
        builder.Services.AddChatClient(client).UseKernelFunctionInvocation();
        var kernel = builder.Build();
        await kernel.InvokePromptAsync("q");
        await client.AsChatCompletionService().GetChatMessageContentAsync("q");
    }
}

public sealed class App
{
    public Task RunAsync(string[] args) => Task.FromResult(args);

    public static async Task Main2(string[] args) => await new App().RunAsync(args);
}
