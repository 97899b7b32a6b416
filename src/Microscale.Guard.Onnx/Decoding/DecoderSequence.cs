namespace Microscale.Guard.Onnx;

/// <summary>A piece of work that needs one row of the engine.</summary>
/// <remarks>All but <see cref="Completion"/> belongs to the engine's thread once it was handed over.</remarks>
internal abstract class DecoderSequence(int[] prompt, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The tokens that are read first; at least one.</summary>
    public int[] Prompt => prompt;

    /// <summary>Ends when the work is done, has failed or was cancelled.</summary>
    public Task Completion => _completion.Task;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>This sequence and those that share its prompt and begin with it, in rows of their own.</summary>
    public virtual IEnumerable<DecoderSequence> Together => [this];

    /// <summary>How many these are.</summary>
    public virtual int Rows => 1;

    /// <summary>Reads the next tokens of what is known in advance.</summary>
    /// <param name="engine">What the engine's sequences share.</param>
    /// <param name="row">The row of this one.</param>
    /// <param name="chunkLength">The most tokens to read.</param>
    public abstract SequenceState Advance(DecodeContext engine, int row, int chunkLength);

    /// <summary>The tokens that its row has read, as far as they are worth keeping.</summary>
    public abstract ReadOnlySpan<int> TokensToKeep(int length);

    /// <summary>Ends the work.</summary>
    /// <param name="exception">What went wrong, an <see cref="OperationCanceledException"/> if it was cancelled; null when it is done.</param>
    public virtual void End(Exception? exception)
    {
        if (exception is null)
        {
            _completion.TrySetResult();
        }
        else if (exception is OperationCanceledException)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
        else
        {
            _completion.TrySetException(exception);
        }
    }

    /// <summary>Reads the next tokens of the prompt.</summary>
    /// <returns>The logits after the last token of the prompt; empty while some are left.</returns>
    protected ReadOnlySpan<float> ReadPrompt(DecodeContext engine, int row, int chunkLength)
    {
        var read = engine.Batch.Length(row);
        var left = prompt.Length - read;

        // Never one token alone: the runtime has another kernel for that, which rounds otherwise.
        var count = left <= chunkLength ? left : left - chunkLength == 1 ? chunkLength - 1 : chunkLength;
        var logits = engine.Batch.Read(row, prompt.AsSpan(read, count));
        if (count < left)
        {
            return [];
        }

        engine.Prefixes.Store(prompt, engine.Batch, row);
        return logits;
    }
}
