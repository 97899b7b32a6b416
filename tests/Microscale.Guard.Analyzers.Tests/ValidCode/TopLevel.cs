// A program as a template writes it.
using Microscale.Guard;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddDistributedMemoryCache();
services.AddChatClient(new OllamaSharp.OllamaApiClient("http://localhost:11434/", "llama3.2"))
    .UseDistributedCache()
    .UseHallucinationGuard(guard => guard.VerifyWith([new FactsVerifier()]).RepairUpTo(1))
    .UseFunctionInvocation()
    .UseLogging();

services.AddKeyedChatClient("local", provider => new ChatClientBuilder(provider.GetRequiredService<OllamaSharp.OllamaApiClient>())
    .UseAbstention(options => options.Policy = new VerdictPolicy { WhenVerifierFails = FaultAction.Abstain })
    .UseVerification(new FactsVerifier())
    .Build());

await using var provider = services.BuildServiceProvider();
IChatClient client = provider.GetRequiredService<IChatClient>().AsBuilder()
    .UseHallucinationGuard(guard => guard.VerifyWith([new FactsVerifier()]).ConfigureAbstention(o => o.Streaming = StreamingMode.Buffered))
    .Build();

var response = await client.GetResponseAsync("What is AI?");
Console.WriteLine(response.Text);
await foreach (var update in client.GetStreamingResponseAsync("And then?"))
{
    Console.Write(update);
}

var greeting = await client.GetResponseAsync("Hello!", new ChatOptions().BypassGuard("A greeting makes no claim."));
Console.WriteLine(greeting);

static class MemoryCache
{
    public static void AddDistributedMemoryCache(this IServiceCollection services) => ArgumentNullException.ThrowIfNull(services);
}
