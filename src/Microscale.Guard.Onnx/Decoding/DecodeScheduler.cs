namespace Microscale.Guard.Onnx;

/// <summary>Runs requests on one model: takes them in as they came, works on several at a time, and refuses those that would wait
/// behind too many.</summary>
/// <remarks>Safe for concurrent callers. One thread does all the work; it ends when there is none.</remarks>
internal sealed class DecodeScheduler : IDisposable
{
    private readonly IDecoder _model;
    private readonly DecodeLoop _loop;
    private readonly PrefixCache _prefixes;
    private readonly EngineSettings _settings;
    private readonly Lock _gate = new();
    private readonly LinkedList<DecoderSequence> _queue = new();
    private int _requests;
    private bool _running;
    private bool _disposed;

    public DecodeScheduler(IDecoder model, TokenBytes bytes, EngineSettings settings)
    {
        _model = model;
        _settings = settings;
        _prefixes = new PrefixCache(settings.PrefixCacheBytes);
        _loop = new DecodeLoop(model, bytes, _prefixes, settings) { OnPostponed = Enqueue };
    }

    /// <summary>What the engine did so far and has to do now.</summary>
    public OnnxEngineStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _loop.Statistics with
                {
                    QueuedRequests = _queue.Count,
                    PrefixCacheBytes = _prefixes.Bytes,
                    PrefixCacheEvictions = _prefixes.Evictions,
                };
            }
        }
    }

    /// <summary>Works on a sequence, and on those that share its prompt, until all are done.</summary>
    /// <exception cref="RequestQueueFullException">Too many requests wait.</exception>
    /// <exception cref="OperationCanceledException">Its token was cancelled: it ends at once while it waits, else before its next
    /// token.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed, before or while it runs.</exception>
    public async Task RunAsync(DecoderSequence sequence)
    {
        sequence.CancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(OnnxChatClient));
            if (_requests == _settings.MaxRunning + _settings.MaxQueued)
            {
                throw RequestQueueFullException.For(_settings.MaxRunning, _settings.MaxQueued);
            }

            Enqueue(sequence);
            _requests++;
        }

        try
        {
            await using var registration = sequence.CancellationToken.UnsafeRegister(_ => RemoveQueued(sequence), null);
            await Task.WhenAll(sequence.Together.Select(s => s.Completion));
        }
        finally
        {
            lock (_gate)
            {
                _requests--;
            }
        }
    }

    /// <summary>Ends all requests with an <see cref="ObjectDisposedException"/>, those that run before their next token.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                if (!_running)
                {
                    _loop.Dispose();
                }
            }
        }
    }

    private void Enqueue(DecoderSequence sequence)
    {
        lock (_gate)
        {
            _queue.AddLast(sequence);
            if (!_running)
            {
                // The thread keeps the session, whoever disposes the model meanwhile.
                _model.Enter();
                _running = true;
                new Thread(Work) { IsBackground = true, Name = "Microscale.Guard decoder" }.UnsafeStart();
            }
        }
    }

    /// <summary>Ends what was cancelled and still waits; what runs is seen to by the loop.</summary>
    private void RemoveQueued(DecoderSequence sequence)
    {
        List<DecoderSequence> removed;
        lock (_gate)
        {
            removed = [.. sequence.Together.Where(_queue.Remove)];
        }

        removed.ForEach(s => s.End(new OperationCanceledException(s.CancellationToken)));
    }

    private void Work()
    {
        while (TakeIn())
        {
            try
            {
                _loop.Run();
            }
            catch (Exception exception)
            {
                // A run of several rows failed, or memory ran out: nobody knows what the rows hold.
                _loop.FailAll(exception);
            }
        }

        _model.Exit();
    }

    /// <summary>Takes in what there is room for.</summary>
    /// <returns>Whether there is work; otherwise the thread has to end.</returns>
    private bool TakeIn()
    {
        while (true)
        {
            DecoderSequence next;
            lock (_gate)
            {
                if (_disposed)
                {
                    break;
                }

                if (_queue.First is not { } first)
                {
                    if (_loop.Count == 0)
                    {
                        _loop.Trim();
                        _running = false;
                    }

                    return _running;
                }

                if (!_loop.HasRoom(first.Value))
                {
                    return true;
                }

                next = first.Value;
                _queue.RemoveFirst();
            }

            _loop.Admit(next);
        }

        var disposed = new ObjectDisposedException(typeof(OnnxChatClient).FullName);
        _loop.FailAll(disposed);
        foreach (var waiting in _queue)
        {
            waiting.End(disposed);
        }

        _queue.Clear();
        _loop.Dispose();
        return false;
    }
}
