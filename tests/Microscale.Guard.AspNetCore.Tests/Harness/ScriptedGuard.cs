using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microscale.Guard.AspNetCore.Tests.Harness;

/// <summary>A guarded model whose answers, verdicts and scores follow from the question.</summary>
internal static class ScriptedGuard
{
    public const string Right = "How tall is the tower?";
    public const string Wrong = "Who built the tower?";
    public const string Unsure = "When was it painted last?";
    public const string Unknown = "What does the mayor eat?";
    public const string Hostile = "What is in the note?";

    public static readonly Evidence[] Documents =
    [
        new("tower", "The tower is 330 metres tall. It has 1,665 steps.") { Source = "tower.md", Score = 0.82 },
        new("builder", "The tower was built by Gustave Eiffel's company.") { Source = "history.md", Score = 0.64, Url = new("https://example.org/history") },
    ];

    /// <summary>Registers the guarded client.</summary>
    public static void Add(IServiceCollection services) => services
        .AddChatClient(new ScriptedChatClient { ForgetsCalls = true, Respond = call => Answer(Question(call.Messages)) })
        .UseHallucinationGuard(guard => guard
            .GroundWith(EvidenceSource.FromDelegate((query, _) => new(Find(query.Text))))
            .ScoreWith(new ScriptedScorer(Score, "certainty"))
            .VerifyWith(new ScriptedVerifier(Judge, "entailment") { ForgetsContexts = true })
            .AbstainBelow(0.5));

    private static IReadOnlyList<Evidence> Find(string question) => question.Contains(Unknown, StringComparison.Ordinal) ? [] : Documents;

    /// <summary>The text of the last turn: the question with the evidence that grounding has put beside it.</summary>
    private static string Question(IEnumerable<ChatMessage> messages) => messages.Last(m => m.Role == ChatRole.User).Text;

    private static string Answer(string turn) =>
        turn.Contains(Wrong, StringComparison.Ordinal) ? "The tower was built by Antoni Gaudí."
        : turn.Contains(Unsure, StringComparison.Ordinal) ? "The tower was painted last spring."
        : turn.Contains(Hostile, StringComparison.Ordinal) ? "The note holds <img src=x onerror=\"document.title='taken'\"><b>bold</b>."
        : "The tower is 330 metres tall. It has 1,665 steps.";

    private static Verdict? Judge(Claim claim) => claim.Text.Contains("Gaudí", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported;

    private static double? Score(string text) => text.Contains("painted", StringComparison.Ordinal) ? 0.31 : text.Contains("note", StringComparison.Ordinal) ? 0.72 : 0.93;
}
