using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OllamaSharp;

namespace AnalyzerTour;

internal static class UnguardedRegistration
{
    public static void AddChat(this IServiceCollection services, Uri address) => services
        .AddChatClient(_ => new OllamaApiClient(address, "llama3.2")) // MSG003
        .UseFunctionInvocation();
}
