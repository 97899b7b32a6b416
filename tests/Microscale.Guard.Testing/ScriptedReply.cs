using Microsoft.Extensions.AI;

namespace Microscale.Guard.Testing;

/// <summary>What a <see cref="ScriptedChatClient"/> answers once.</summary>
public sealed record ScriptedReply(string Text)
{
    /// <summary>The log-probability of each token; the text is cut into tokens at the start of each word. Null for none.</summary>
    public IReadOnlyList<double>? LogProbabilities { get; init; }

    /// <summary>Content beside the text, before it.</summary>
    public IReadOnlyList<AIContent> OtherContents { get; init; } = [];

    public ChatFinishReason FinishReason { get; init; } = ChatFinishReason.Stop;

    public UsageDetails? Usage { get; init; } = new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 };

    public string ModelId { get; init; } = "scripted";

    /// <summary>Thrown after <see cref="FaultAfter"/> characters of the text.</summary>
    public Exception? Fault { get; init; }

    /// <summary>Hangs (until cancelled) after <see cref="FaultAfter"/> characters of the text.</summary>
    public bool Hangs { get; init; }

    public int FaultAfter { get; init; }

    public static implicit operator ScriptedReply(string text) => FromString(text);

    public static ScriptedReply FromString(string text) => new(text);

    /// <summary>The text cut at the start of each word, as a tokenizer would.</summary>
    public IReadOnlyList<string> Tokens => Tokenize(Text);

    public static IReadOnlyList<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ' ' && text[i - 1] != ' '))
            {
                tokens.Add(text[start..i]);
                start = i;
            }
        }

        return tokens;
    }
}
