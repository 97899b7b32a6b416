using Microsoft.Extensions.AI;
using OllamaSharp;

namespace AnalyzerTour;

internal static class UnguardedCall
{
    public static async Task<string> AskAsync(Uri address, string question)
    {
        using IChatClient client = new OllamaApiClient(address, "llama3.2");
        return (await client.GetResponseAsync(question)).Text; // MSG001
    }
}
