using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.WebChat;

/// <summary>What the page asks: the conversation so far, its last turn the question.</summary>
/// <param name="Turns">The turns, the oldest first.</param>
internal sealed record ChatRequest(IReadOnlyList<ChatTurn> Turns)
{
    private const int MaxTurns = 20;
    private const int MaxLength = 2_000;

    /// <summary>Why the conversation cannot be answered, in words for a person; null when it can.</summary>
    public string? Problem() => this switch
    {
        { Turns.Count: 0 } => "Ask a question first.",
        { Turns.Count: > MaxTurns } => $"A conversation has at most {MaxTurns} turns: begin a new one.",
        _ when Turns.Any(t => t.Text.Length > MaxLength) => $"A turn has at most {MaxLength:N0} characters: say it in fewer.",
        _ when Turns.Any(t => t.Role is not ("user" or "assistant")) => "A turn is of the role \"user\" or \"assistant\".",
        _ when Turns[^1] is not { Role: "user" } || string.IsNullOrWhiteSpace(Turns[^1].Text) => "The last turn has to be a question.",
        _ => null,
    };

    public IEnumerable<ChatMessage> ToMessages() => Turns.Select(t => new ChatMessage(new ChatRole(t.Role), t.Text));
}

/// <summary>A turn of the conversation.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">What was said.</param>
internal sealed record ChatTurn(string Role, string Text);
