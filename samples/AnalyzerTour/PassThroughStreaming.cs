using Microscale.Guard;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace AnalyzerTour;

internal static class PassThroughStreaming
{
    public static IAsyncEnumerable<ChatResponseUpdate> Stream(Uri address, IConfidenceScorer scorer, string question)
    {
        var client = new ChatClientBuilder(_ => new OllamaApiClient(address, "llama3.2")).UseConfidence(scorer).Build();
        return client.GetStreamingResponseAsync(question); // MSG009
    }
}
