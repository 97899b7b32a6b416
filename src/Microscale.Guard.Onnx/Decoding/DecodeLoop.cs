namespace Microscale.Guard.Onnx;

/// <summary>The sequences that an engine is working on, and the rounds in which it does: in each, one of those that still read a
/// prompt reads a chunk, and all others one token in a single run.</summary>
/// <remarks>The first rows are those that are past their prompt, so that a step takes them as they lie. Used by the engine's
/// thread only.</remarks>
internal sealed class DecodeLoop(IDecoder model, TokenBytes bytes, PrefixCache prefixes, EngineSettings settings) : IDisposable
{
    /// <summary>While others wait for their next token: they wait for a chunk, and more tokens at once are hardly read faster.</summary>
    private const int SharedChunkLength = 64;

    private readonly List<DecoderSequence> _sequences = [];
    private readonly int[] _next = new int[settings.MaxRunning];
    private DecodeContext? _engine;
    private int _stepping;
    private uint _turn;
    private int _reserved;
    private int _running;
    private long _steps;
    private long _directSteps;
    private long _stepTokens;
    private long _promptTokens;
    private long _reusedTokens;

    /// <summary>Made with the first sequence.</summary>
    private DecodeContext Engine => _engine ??= new DecodeContext(model.CreateBatch(), bytes, prefixes);

    /// <summary>How many sequences there are.</summary>
    public int Count => _sequences.Count;

    /// <summary>Called with sequences that found no row when the one before them had read their prompt.</summary>
    public required Action<DecoderSequence> OnPostponed { get; init; }

    /// <summary>What was done so far, as far as the loop knows. May be read from any thread.</summary>
    public OnnxEngineStatistics Statistics => new()
    {
        RunningSequences = Volatile.Read(ref _running),
        DecodeSteps = Volatile.Read(ref _steps),
        DirectDecodeSteps = Volatile.Read(ref _directSteps),
        DecodedTokens = Volatile.Read(ref _stepTokens),
        PromptTokens = Volatile.Read(ref _promptTokens),
        CachedPromptTokens = Volatile.Read(ref _reusedTokens),
    };

    /// <summary>Whether there is room for a sequence.</summary>
    public bool HasRoom(DecoderSequence sequence) => _sequences.Count + _reserved + Math.Min(sequence.Rows, settings.MaxRunning) <= settings.MaxRunning;

    /// <summary>Takes a sequence in.</summary>
    public void Admit(DecoderSequence sequence)
    {
        try
        {
            Engine.Batch.AddRow();
        }
        catch (Exception exception)
        {
            sequence.End(exception);
            return;
        }

        var row = _sequences.Count;
        _sequences.Add(sequence);
        _reserved += Reserved(sequence);
        Volatile.Write(ref _running, _sequences.Count);
        try
        {
            // At least two tokens are left to read, as one alone would be read by another kernel.
            var known = sequence.Prompt.AsSpan(0, Math.Max(0, sequence.Prompt.Length - 2));
            Volatile.Write(ref _reusedTokens, _reusedTokens + Engine.Prefixes.Restore(known, Engine.Batch, row));
            Volatile.Write(ref _promptTokens, _promptTokens + sequence.Prompt.Length);
        }
        catch (Exception exception)
        {
            End(row, exception);
        }
    }

    /// <summary>One round.</summary>
    public void Run()
    {
        for (var row = _sequences.Count - 1; row >= 0; row--)
        {
            if (_sequences[row].CancellationToken is { IsCancellationRequested: true } cancelled)
            {
                End(row, new OperationCanceledException(cancelled));
            }
        }

        ReadPrompts();
        ReadForced();
        Step();
    }

    /// <summary>Ends all sequences with an exception.</summary>
    public void FailAll(Exception exception)
    {
        for (var row = _sequences.Count - 1; row >= 0; row--)
        {
            End(row, exception);
        }
    }

    /// <summary>Gives back memory that idle rows need not hold.</summary>
    public void Trim() => _engine?.Batch.Trim();

    public void Dispose() => _engine?.Dispose();

    private void ReadPrompts()
    {
        var reading = _sequences.Count - _stepping;
        if (reading == 0)
        {
            return;
        }

        var row = _stepping + (int)(_turn++ % (uint)reading);
        var sequence = _sequences[row];
        var state = SequenceState.Done;
        Exception? fault = null;
        try
        {
            state = sequence.Advance(Engine, row, _stepping > 0 ? SharedChunkLength : SequenceBatch.MaxRunLength);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        if (state == SequenceState.Done)
        {
            End(row, fault);
        }
        else if (state == SequenceState.Stepping)
        {
            Begin(row, (GeneratedSequence)sequence);
        }
    }

    /// <summary>A prompt is read: its sequence, and those that share it, begin their answers.</summary>
    private void Begin(int row, GeneratedSequence sequence)
    {
        var first = _stepping;
        Promote(row);
        var granted = Reserved(sequence);
        _reserved -= granted;
        foreach (var follower in sequence.Followers)
        {
            if (granted-- > 0)
            {
                Engine.Batch.AddRow();
                _sequences.Add(follower);
                Engine.Batch.CopyRow(first, _sequences.Count - 1);
                Promote(_sequences.Count - 1);
            }
            else
            {
                OnPostponed(follower);
            }
        }

        sequence.FollowersBegin();
        Volatile.Write(ref _running, _sequences.Count);
        for (row = _stepping - 1; row >= first; row--)
        {
            Continue(row, Engine.Batch.Logits(0));
        }
    }

    /// <summary>Puts a row behind those that step.</summary>
    private void Promote(int row)
    {
        Engine.Batch.SwapRows(row, _stepping);
        (_sequences[row], _sequences[_stepping]) = (_sequences[_stepping], _sequences[row]);
        _stepping++;
    }

    /// <summary>Reads tokens that followed without a choice, all of one row in one run.</summary>
    private void ReadForced()
    {
        for (var row = _stepping - 1; row >= 0 && !settings.ExactSteps; row--)
        {
            var unread = Stepping(row).Unread(Engine.Batch.Length(row));
            if (unread.Length > 1)
            {
                Continue(row, Engine.Batch.Read(row, unread));
            }
        }
    }

    private void Step()
    {
        if (settings.ExactSteps)
        {
            StepExactly();
        }
        else if (_stepping > 0)
        {
            var next = _next.AsSpan(0, _stepping);
            for (var row = 0; row < next.Length; row++)
            {
                next[row] = Stepping(row).Unread(Engine.Batch.Length(row))[0];
            }

            Engine.Batch.Step(next);
            CountStep(next.Length);
            Volatile.Write(ref _directSteps, _directSteps + (Engine.Batch.StepsDirectly ? 1 : 0));
            for (var row = next.Length - 1; row >= 0; row--)
            {
                if (Stepping(row).Unread(Engine.Batch.Length(row)).IsEmpty)
                {
                    Continue(row, Engine.Batch.Logits(row));
                }
            }
        }
    }

    /// <summary>Reads the last token again together with the new one, so that the kernel that reads prompts computes everything. The
    /// runtime can do that for one row at a time only.</summary>
    private void StepExactly()
    {
        for (var row = _stepping - 1; row >= 0; row--)
        {
            var length = Engine.Batch.Length(row);
            var tokens = Stepping(row).LastAndUnread(length);
            Engine.Batch.Truncate(row, length - 1);
            CountStep(1);
            Continue(row, Engine.Batch.Read(row, tokens));
        }
    }

    private void CountStep(int tokens)
    {
        Volatile.Write(ref _steps, _steps + 1);
        Volatile.Write(ref _stepTokens, _stepTokens + tokens);
    }

    private GeneratedSequence Stepping(int row) => (GeneratedSequence)_sequences[row];

    /// <summary>Adds what follows to a row that has read everything.</summary>
    private void Continue(int row, ReadOnlySpan<float> logits)
    {
        try
        {
            if (Stepping(row).Continue(Engine, logits) == SequenceState.Done)
            {
                End(row);
            }
        }
        catch (Exception exception)
        {
            // A constraint or damaged weights; the other rows do not suffer from it.
            End(row, exception);
        }
    }

    /// <summary>Drops a row; the last of each kind takes the place that becomes free.</summary>
    private void End(int row, Exception? exception = null)
    {
        var sequence = _sequences[row];
        if (exception is null or OperationCanceledException)
        {
            // What was read is right, whoever lost interest in what follows.
            Engine.Prefixes.Store(sequence.TokensToKeep(Engine.Batch.Length(row)), Engine.Batch, row);
        }

        if (row < _stepping)
        {
            row = MoveInto(row, --_stepping);
        }
        else
        {
            _reserved -= Reserved(sequence);
        }

        MoveInto(row, _sequences.Count - 1);
        _sequences.RemoveAt(_sequences.Count - 1);
        Engine.Batch.RemoveLastRow();
        Volatile.Write(ref _running, _sequences.Count);
        sequence.End(exception);
    }

    private int MoveInto(int row, int last)
    {
        Engine.Batch.CopyRow(last, row);
        _sequences[row] = _sequences[last];
        return last;
    }

    /// <summary>The rows that are kept for others that will share a sequence's prompt.</summary>
    private int Reserved(DecoderSequence sequence) => Math.Min(sequence.Rows, settings.MaxRunning) - 1;
}
