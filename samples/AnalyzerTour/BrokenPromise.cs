using Microscale.Guard;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace AnalyzerTour;

internal sealed class BrokenPromise([Guarded] IChatClient client)
{
    public static BrokenPromise Create(Uri address) => new(new OllamaApiClient(address, "llama3.2")); // MSG004

    public async Task<string> AskAsync(string question) => (await client.GetResponseAsync(question)).Text;
}
