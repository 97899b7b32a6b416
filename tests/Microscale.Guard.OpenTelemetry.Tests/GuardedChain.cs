using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>The whole chain around a model whose first answer is contradicted by the evidence, and whose repaired one is
/// not.</summary>
internal static class GuardedChain
{
    public const string Question = "Which undisclosed year?";
    public const string Wrong = "Confidential was 1977. Classified was 2013.";
    public const string Right = "Confidential was 1965.";

    /// <summary>So much of the wrong answer shows that its first sentence has ended.</summary>
    public const int FirstSentence = 30;

    public static readonly Evidence Evidence = new("secret", "Confidential was 1965, whispered Alexandria.") { Source = "Dossier" };

    /// <summary>All words of question, answers and evidence.</summary>
    public static readonly IReadOnlyList<string> Words =
        ["undisclosed", "year", "Confidential", "1977", "Classified", "2013", "1965", "whispered", "Alexandria", "Dossier"];

    /// <summary>A model that answers wrongly until it is told so, whatever else is asked of it meanwhile.</summary>
    public static ScriptedChatClient Model => new() { Respond = call => call.Messages.Count == 1 ? Wrong : Right };

    public static IClaimVerifier Verifier => new ScriptedVerifier(Judge);

    public static Verdict? Judge(Claim claim) =>
        claim.Text.Contains("1977", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported;

    /// <summary>Adds all parts; what <paramref name="configure"/> adds comes after them.</summary>
    public static IChatClient Guarded(
        this IChatClient model,
        Action<HallucinationGuardBuilder>? configure = null,
        IEvidenceSource? source = null,
        IConfidenceScorer? scorer = null,
        IClaimVerifier? verifier = null) => model.AsBuilder().UseHallucinationGuard(guard =>
        {
            guard.GroundWith(source ?? new ScriptedEvidenceSource(Evidence))
                .ScoreWith(scorer ?? new ScriptedScorer(_ => 0.9))
                .VerifyWith(verifier ?? Verifier)
                .AbstainBelow(0.5);
            configure?.Invoke(guard);
        }).Build();

    public static Task<ChatResponse> AskAsync(this IChatClient client, bool streaming, ChatOptions? options = null) => streaming
        ? client.GetStreamingResponseAsync(Question, options).ToChatResponseAsync()
        : client.GetResponseAsync(Question, options);
}
