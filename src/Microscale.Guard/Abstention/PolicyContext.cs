using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a policy knows of a request before it is answered.</summary>
/// <param name="Messages">The conversation, with the evidence in it.</param>
/// <param name="Options">The options of the request; null for none.</param>
public sealed record PolicyRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The words of the last user turn; empty when there are none.</summary>
    public string Question => Conversation.Question(Messages);
}

/// <summary>What a policy decides on.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Report">The judgement so far.</param>
public sealed record PolicyContext(PolicyRequest Request, GuardReport Report)
{
    /// <summary>The model that answered, as its response says; null when it does not.</summary>
    public string? ModelId { get; init; }

    /// <summary>Whether the report covers the whole answer (true) or, in a stream, its beginning (false).</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool IsComplete { get; init; } = true;
}
