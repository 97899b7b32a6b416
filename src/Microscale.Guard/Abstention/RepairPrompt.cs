using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Asks a model to mend its answer.</summary>
internal static class RepairPrompt
{
    /// <summary>The conversation with the withheld draft and feedback that names its failed claims.</summary>
    public static IReadOnlyList<ChatMessage> Append(IReadOnlyList<ChatMessage> messages, GuardDraft draft) =>
    [
        .. messages,
        new ChatMessage(ChatRole.Assistant, draft.Response.Text),
        new ChatMessage(ChatRole.User, [Conversation.CreateInstruction(Feedback(draft))]),
    ];

    private static string Feedback(GuardDraft draft)
    {
        if (draft.Report.Form is { Error: { } error })
        {
            return $"Your answer does not have the form that was asked for. {error} Write the whole answer again in that form, and nothing else.";
        }

        var feedback = new StringBuilder();
        var failed = draft.Report.Verdicts?.Where(v => v.Verdict != Verdict.Supported).ToList() ?? [];
        if (failed.Count == 0)
        {
            feedback.Append("You do not seem sure of that answer.");
        }

        foreach (var verdict in failed)
        {
            feedback.Append(verdict.Verdict == Verdict.Contradicted ? "This is wrong: \"" : "This is not confirmed: \"")
                .Append(verdict.Claim.Text)
                .Append('"');
            if (verdict.Decisive?.Explanation is { } explanation)
            {
                feedback.Append(" (").Append(explanation.TrimEnd('.')).Append(')');
            }

            feedback.Append(".\n");
        }

        return feedback.Append(" Answer the question again in one or two sentences, and say only what the evidence says. If it does not say, answer: I don't know.").ToString();
    }
}
