using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Holds the updates of a stream back until their text may go.</summary>
/// <remarks>Order is kept. Reasoning goes with the text after it.</remarks>
internal sealed class TextGate
{
    private readonly LinkedList<Held> _held = [];
    private readonly StringBuilder _text = new();
    private readonly List<AIContent> _calls = [];

    /// <summary>How many UTF-16 units of text came in.</summary>
    public int Received => _text.Length;

    /// <summary>How many of them went out.</summary>
    public int Released { get; private set; }

    /// <summary>All text that came in.</summary>
    public string Text => _text.ToString();

    /// <summary>How many generated tokens came in, as far as they came with log-probabilities.</summary>
    public int Tokens { get; private set; }

    /// <summary>The tokens spent, as far as the model said so.</summary>
    public UsageDetails? Usage { get; private set; }

    /// <summary>Whether tools are called whose results did not come in.</summary>
    public bool HasToolCalls => Conversation.HasOpenCalls([new(ChatRole.Assistant, _calls)]);

    /// <summary>The last update that came in; null at first.</summary>
    public ChatResponseUpdate? Last { get; private set; }

    public void Add(ChatResponseUpdate update)
    {
        var held = update.Clone();
        if (held.AdditionalProperties?.ContainsKey(GuardPropertyNames.Report) is true)
        {
            held.AdditionalProperties = held.AdditionalProperties.Clone();
            held.AdditionalProperties.Remove(GuardPropertyNames.Report);
        }

        Last = held;
        Tokens += held.GetLogProbabilities()?.Count ?? 0;
        foreach (var content in held.Contents)
        {
            if (content is FunctionCallContent or FunctionResultContent)
            {
                _calls.Add(content);
            }

            if (content is UsageContent { Details: { } usage })
            {
                (Usage ??= new()).Add(usage);
            }
        }

        var start = Received;
        _text.Append(held.Text);
        if (held.Contents.Count > 0 || held.FinishReason is not null || held.AdditionalProperties is { Count: > 0 } || held.RawRepresentation is not null)
        {
            _held.AddLast(new Held(held, start, Received));
        }
    }

    /// <summary>Takes out what lies before <paramref name="frontier"/>. Pieces of text that follow each other come out as
    /// one, so that what is said of a sentence can be said of one content.</summary>
    /// <param name="frontier">How many units of the text may have gone after this.</param>
    /// <param name="isComplete">Whether the stream has ended, so that what follows the last text goes as well.</param>
    public IEnumerable<ChatResponseUpdate> Release(int frontier, bool isComplete = false)
    {
        ChatResponseUpdate? pending = null;
        foreach (var update in Take(frontier, isComplete))
        {
            if (pending is null || !TryJoin(pending, update))
            {
                if (pending is not null)
                {
                    yield return pending;
                }

                pending = update;
            }
        }

        if (pending is not null)
        {
            yield return pending;
        }
    }

    private IEnumerable<ChatResponseUpdate> Take(int frontier, bool isComplete)
    {
        while (_held.First is { Value: var held } node)
        {
            var waits = held.End == frontier && !isComplete && held.Update.Contents.Any(c => c is TextReasoningContent);
            if (held.End <= frontier && !waits)
            {
                _held.RemoveFirst();
                Released = held.End;
                yield return held.Update;
            }
            else if (held.Start < frontier && held.Update.Contents is [TextContent { Annotations: null or [] } text])
            {
                var length = frontier - held.Start;
                node.Value = held with { Update = WithText(held.Update.Clone(), text.Text[length..]), Start = frontier };
                Released = frontier;
                yield return WithText(Bare(held.Update), text.Text[..length]);
            }
            else
            {
                yield break;
            }
        }
    }

    /// <summary>Takes out all that is left, without any text of the model: tool calls, usage, unknown content.</summary>
    public IEnumerable<ChatResponseUpdate> Withhold()
    {
        var hasToolCalls = HasToolCalls;
        foreach (var held in _held)
        {
            var update = Bare(held.Update);
            update.Contents = [.. held.Update.Contents.Where(c => c is not (TextContent or TextReasoningContent))];
            update.FinishReason = hasToolCalls ? held.Update.FinishReason : null;
            if (update.Contents.Count > 0 || update.FinishReason is not null)
            {
                yield return update;
            }
        }

        _held.Clear();
    }

    /// <summary>An update with the ids of another, and nothing that could hold text: its raw representation and its
    /// properties (log-probabilities) speak of all of its text.</summary>
    private static ChatResponseUpdate Bare(ChatResponseUpdate update)
    {
        var bare = update.Clone();
        bare.Contents = [];
        bare.RawRepresentation = null;
        bare.AdditionalProperties = null;
        bare.FinishReason = null;
        return bare;
    }

    /// <summary>Appends an update to another when both are plain text of the same message and nothing is lost by it.</summary>
    private static bool TryJoin(ChatResponseUpdate first, ChatResponseUpdate next)
    {
        if (!IsPlainText(first) || !IsPlainText(next) || first.MessageId != next.MessageId || first.ResponseId != next.ResponseId
            || first.Role != next.Role || first.AuthorName != next.AuthorName || first.ModelId != next.ModelId)
        {
            return false;
        }

        if (next.GetLogProbabilities() is { } tokens)
        {
            first.AdditionalProperties = first.AdditionalProperties?.Clone();
            first.SetLogProbabilities([.. first.GetLogProbabilities() ?? [], .. tokens]);
        }

        WithText(first, first.Text + next.Text);
        return true;
    }

    private static bool IsPlainText(ChatResponseUpdate update) =>
        update is { RawRepresentation: null, FinishReason: null, ContinuationToken: null }
        && update.Contents is [TextContent { Annotations: null or [], AdditionalProperties: null or { Count: 0 }, RawRepresentation: null }]
        && update.AdditionalProperties?.Keys.All(k => k == GuardPropertyNames.LogProbabilities) is not false;

    private static ChatResponseUpdate WithText(ChatResponseUpdate update, string text)
    {
        update.Contents = [new TextContent(text)];
        return update;
    }

    private sealed record Held(ChatResponseUpdate Update, int Start, int End);
}
