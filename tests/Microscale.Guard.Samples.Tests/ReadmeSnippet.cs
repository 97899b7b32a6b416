using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.Tests;

/// <summary>The code that the README shows.</summary>
internal static class ReadmeSnippet
{
    public static async Task<GuardReport> AskAsync(IReadOnlyList<Evidence> passages)
    {
        // <readme>
        using var embeddings = LocalModels.CreateEmbeddingGenerator();
        using var entailment = LocalModels.CreateEntailmentVerifier();
        var documents = await InMemoryEvidenceSource.CreateAsync(passages, embeddings);

        using IChatClient client = LocalModels.CreateChatClient()     // SmolLM2 on ONNX Runtime; or any other IChatClient
            .AsBuilder()
            .UseHallucinationGuard(guard => guard
                .GroundWith(documents)                                // any IEvidenceSource
                .ScoreWith(Confidence.TokenProbability())             // or Consistency(samples: 5), or your own
                .VerifyWith(entailment, new FactsVerifier())          // and rules or a second model of your own
                .RepairUpTo(1))
            .Build();

        ChatResponse answer = await client.GetResponseAsync(
            "What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?");
        GuardReport report = answer.GetGuardReport()!;                // Decision, Reason, Confidence, Verdicts, Evidence, …
        // </readme>
        return report;
    }
}
