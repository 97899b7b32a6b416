using Microscale.Guard;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace ValidCode;

public static class Judgements
{
    public static async Task<string?> AskAsync(Uri address, IClaimVerifier verifier, IConfidenceScorer scorer, double limit)
    {
        IChatClient judged = new ChatClientBuilder(new OllamaApiClient(address, "m")).UseVerification(verifier).UseConfidence(scorer).Build();
        var answer = await judged.GetResponseAsync("q");
        return answer.GetGuardReport() is { Verdicts: { } verdicts, Confidence.Value: { } value } && verdicts.All(v => v.Verdict == Verdict.Supported) && value >= limit
            ? answer.Text
            : null;
    }

    public static async Task<ChatResponse> HandOnAsync(Uri address, IClaimVerifier verifier) =>
        await new ChatClientBuilder(new OllamaApiClient(address, "m")).UseVerification(verifier).Build().GetResponseAsync("q");

    public static void Configure(ChatClientBuilder builder, bool isDevelopment, double threshold) => builder
        .UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = isDevelopment)
        .UseGrounding(EvidenceSource.FromDelegate((_, _) => new([])))
        .UseAbstention(options => options.Policy = new AllOfPolicy([new VerdictPolicy(), new ConfidenceThresholdPolicy(threshold)]))
        .UseVerification(new FactsVerifier());
}
