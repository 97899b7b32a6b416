namespace Microscale.Guard.Onnx;

/// <summary>Keeps token generators between requests, so that buffers and bindings are made once.</summary>
/// <remarks>Safe for concurrent callers. A generator that is rented keeps the model's session.</remarks>
internal sealed class TokenGeneratorPool(DecoderModel model, TokenBytes bytes) : IDisposable
{
    /// <summary>Idle generators keep at most this many bytes of keys and values: about 5,800 tokens of SmolLM2-135M.</summary>
    private const long MaxIdleBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly List<TokenGenerator> _idle = [];
    private bool _disposed;

    /// <summary>A generator for a prompt of that many tokens: the smallest that fits, else the largest, which then grows.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public TokenGenerator Rent(int tokens)
    {
        model.Enter();
        try
        {
            lock (_lock)
            {
                var best = _idle.Where(g => g.Capacity >= tokens).MinBy(g => g.Capacity) ?? _idle.MaxBy(g => g.Capacity);
                if (best is not null)
                {
                    _idle.Remove(best);
                    return best;
                }
            }

            return new TokenGenerator(model, bytes, tokens);
        }
        catch
        {
            model.Exit();
            throw;
        }
    }

    /// <summary>Gives a generator back.</summary>
    public void Return(TokenGenerator generator)
    {
        lock (_lock)
        {
            if (!_disposed && _idle.Sum(g => g.Bytes) + generator.Bytes <= MaxIdleBytes)
            {
                _idle.Add(generator);
            }
            else
            {
                generator.Dispose();
            }
        }

        model.Exit();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _idle.ForEach(g => g.Dispose());
            _idle.Clear();
        }
    }
}
