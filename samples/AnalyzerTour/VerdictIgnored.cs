using Microscale.Guard;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace AnalyzerTour;

internal static class VerdictIgnored
{
    public static async Task<string> AskAsync(Uri address, IClaimVerifier verifier, string question)
    {
        using var client = new ChatClientBuilder(_ => new OllamaApiClient(address, "llama3.2")).UseVerification(verifier).Build();
        var answer = await client.GetResponseAsync(question); // MSG006
        return answer.Text;
    }
}
