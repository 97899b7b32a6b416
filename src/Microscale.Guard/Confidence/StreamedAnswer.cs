using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a stream has brought so far.</summary>
internal sealed class StreamedAnswer
{
    private readonly SentenceSegmenter _segmenter = new();
    private readonly List<TokenLogProbability> _tokens = [];

    /// <summary>The last update; null before the first.</summary>
    public ChatResponseUpdate? Last { get; private set; }

    /// <summary>The last report of an inner part of the chain; null when there is none.</summary>
    public GuardReport? InnerReport { get; private set; }

    /// <summary>The id of the response; null when no update told it.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>Whether there is more text than white space.</summary>
    public bool HasText { get; private set; }

    /// <summary>The end of the last complete sentence.</summary>
    public int SentenceEnd => _segmenter.End;

    /// <summary>All text.</summary>
    public string Text => _segmenter.Text.ToString();

    /// <summary>The text of the complete sentences.</summary>
    public string Sentences => _segmenter.Text[.._segmenter.End].ToString();

    /// <summary>Whether this can be judged; the counterpart of <see cref="Conversation.IsAnswer"/>.</summary>
    public bool IsAnswer => HasText && Last?.ContinuationToken is null;

    public void Add(ChatResponseUpdate update)
    {
        Last = update;
        ResponseId = update.ResponseId ?? ResponseId;
        InnerReport = update.GetGuardReport() ?? InnerReport;
        if (update.GetLogProbabilities() is { } tokens)
        {
            _tokens.AddRange(tokens);
        }

        var text = update.Text;
        HasText |= !string.IsNullOrWhiteSpace(text);
        _segmenter.Append(text);
    }

    /// <summary>The log-probabilities of all tokens; null when there are none.</summary>
    public IReadOnlyList<TokenLogProbability>? Tokens() => _tokens.Count > 0 ? [.. _tokens] : null;
}
