using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class KernelTests
{
    private static readonly Verify Unguarded = new("MSG001");

    private static string In(string body) => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.SemanticKernel;
        using Microsoft.SemanticKernel.ChatCompletion;
        using Microsoft.SemanticKernel.Connectors.OpenAI;

        class C
        {
            async Task M(Uri uri, IChatClient injected, Kernel given)
            {
                {{body.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;

    [Fact]
    public async Task Calls_OfAKernelWithoutAGuard_AreReported() => await Unguarded.ReportsAsync(In("""
        var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion("m", "key").Build();
        await [|kernel.InvokePromptAsync("q")|];
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIChatCompletion("m", "key");
        var second = builder.Build();
        await foreach (var update in [|second.InvokePromptStreamingAsync("q")|]) { }
        var chat = second.GetRequiredService<IChatCompletionService>();
        await [|chat.GetChatMessageContentAsync("q")|];
        await [|new OpenAIChatCompletionService("m", "key").GetChatMessageContentsAsync(new ChatHistory())|];
        IChatClient client = new OllamaApiClient(uri, "m");
        await [|client.AsChatCompletionService().GetChatMessageContentAsync("q")|];
        await [|chat.AsChatClient().GetResponseAsync("q")|];
        var third = Kernel.CreateBuilder();
        third.Services.AddChatClient(client).UseKernelFunctionInvocation();
        await [|third.Build().InvokePromptAsync("q")|];
        var chained = Kernel.CreateBuilder();
        chained.Services.AddSingleton("s").AddOpenAIChatCompletion("m", "key");
        await [|chained.Build().InvokePromptAsync("q")|];
        var fourth = Kernel.CreateBuilder();
        fourth.Services.AddSingleton<IChatCompletionService>(_ => new OpenAIChatCompletionService("m", "key"));
        await [|fourth.Build().InvokePromptAsync("q")|];
        """));

    [Fact]
    public async Task Calls_OfAKernelThatIsGuardedOrUnseen_AreSilent() => await Unguarded.ReportsAsync(In("""
        await given.InvokePromptAsync("q");
        await given.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync("q");
        await injected.AsChatCompletionService().GetChatMessageContentAsync("q");
        var builder = Kernel.CreateBuilder();
        builder.Services.AddChatClient(new OllamaApiClient(uri, "m")).UseHallucinationGuard(_ => { }).UseKernelFunctionInvocation();
        await builder.Build().InvokePromptAsync("q");
        var plain = Kernel.CreateBuilder();
        await plain.Build().InvokePromptAsync("q");
        IChatClient client = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseAbstention(_ => { }).Build();
        await client.AsChatCompletionService().GetChatMessageContentAsync("q");
        """));

    [Fact]
    public async Task Functions_MadeOfAPrompt_AreReportedWhereTheKernelHasNoGuard() => await Unguarded.ReportsAsync(In("""
        var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion("m", "key").Build();
        var summarize = kernel.CreateFunctionFromPrompt("Summarize: {{$input}}");
        await [|kernel.InvokeAsync(summarize)|];
        await [|kernel.InvokeAsync<string>(summarize, new() { ["input"] = "q" })|];
        await [|summarize.InvokeAsync(kernel)|];
        await foreach (var part in [|kernel.InvokeStreamingAsync(KernelFunctionFactory.CreateFromPrompt("q"))|]) { }
        var method = KernelFunctionFactory.CreateFromMethod(() => "a");
        await kernel.InvokeAsync(method);
        await method.InvokeAsync(kernel);
        await kernel.InvokeAsync("plugin", "function");
        await given.InvokeAsync(summarize);
        """));
}
