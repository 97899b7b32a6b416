using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Testing;

/// <summary>A model that says what a test tells it to: the n-th call gets the n-th reply, later calls the last one.</summary>
public sealed class ScriptedChatClient(params ScriptedReply[] replies) : IChatClient
{
    private readonly List<ScriptedCall> _calls = [];
    private int _count;

    /// <summary>Chooses the reply by the call in place of the list.</summary>
    public Func<ScriptedCall, ScriptedReply>? Respond { get; init; }

    /// <summary>How many characters an update of a stream brings; 0 for one token each.</summary>
    public int ChunkLength { get; init; }

    /// <summary>Whether calls are not kept, for tests of memory.</summary>
    public bool ForgetsCalls { get; init; }

    /// <summary>All calls so far, in order.</summary>
    public IReadOnlyList<ScriptedCall> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>How many streams were ended before their last update, by disposal or cancellation.</summary>
    public int StreamsCut { get; private set; }

    public bool IsDisposed { get; private set; }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (reply, index) = Next(messages, options, streaming: false);
        await FailAsync(reply, cancellationToken);
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. reply.OtherContents, new TextContent(reply.Text)]) { MessageId = "m" + index })
        {
            ResponseId = "r" + index,
            ModelId = reply.ModelId,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage is { } usage ? Copy(usage) : null,
            RawRepresentation = reply,
        };
        if (reply.LogProbabilities is { } values && options.GetRequestedLogProbabilities() is not null)
        {
            response.SetLogProbabilities([.. reply.Tokens.Select((t, i) => Token(t, values, i))]);
        }

        return response;
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (reply, index) = Next(messages, options, streaming: true);
        var complete = false;
        try
        {
            if (reply.OtherContents.Count > 0)
            {
                yield return Update([.. reply.OtherContents]);
            }

            var pieces = ChunkLength > 0 ? [.. reply.Text.Chunk(ChunkLength).Select(c => new string(c))] : reply.Tokens;
            var sent = 0;
            for (var i = 0; i < pieces.Count; i++)
            {
                if (sent >= reply.FaultAfter)
                {
                    await FailAsync(reply, cancellationToken);
                }

                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                var update = Update(new TextContent(pieces[i]));
                if (ChunkLength == 0 && reply.LogProbabilities is { } values && options.GetRequestedLogProbabilities() is not null)
                {
                    update.SetLogProbabilities([Token(pieces[i], values, i)]);
                }

                sent += pieces[i].Length;
                yield return update;
            }

            await FailAsync(reply, cancellationToken);
            var last = reply.Usage is { } usage ? Update(new UsageContent(Copy(usage))) : Update();
            last.FinishReason = reply.FinishReason;
            complete = true;
            yield return last;
        }
        finally
        {
            StreamsCut += complete ? 0 : 1;
        }

        ChatResponseUpdate Update(params AIContent[] contents) => new(ChatRole.Assistant, contents)
        {
            ResponseId = "r" + index,
            MessageId = "m" + index,
            ModelId = reply.ModelId,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType?.IsInstanceOfType(this) is true ? this : null;

    public void Dispose() => IsDisposed = true;

    private (ScriptedReply Reply, int Index) Next(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streaming)
    {
        lock (_calls)
        {
            var call = new ScriptedCall(_count++, [.. messages], options?.Clone(), streaming);
            if (!ForgetsCalls)
            {
                _calls.Add(call);
            }

            return (Respond?.Invoke(call) ?? replies[Math.Min(call.Index, replies.Length - 1)], call.Index);
        }
    }

    private static async Task FailAsync(ScriptedReply reply, CancellationToken cancellationToken)
    {
        if (reply.Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (reply.Fault is { } fault)
        {
            throw fault;
        }
    }

    private static TokenLogProbability Token(string text, IReadOnlyList<double> values, int index) =>
        new(Encoding.UTF8.GetBytes(text), values[Math.Min(index, values.Count - 1)]);

    private static UsageDetails Copy(UsageDetails usage)
    {
        var copy = new UsageDetails();
        copy.Add(usage);
        return copy;
    }
}

/// <summary>One call of a <see cref="ScriptedChatClient"/>.</summary>
public sealed record ScriptedCall(int Index, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, bool Streaming);
