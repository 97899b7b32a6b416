namespace Microscale.Guard.Onnx;

/// <summary>Makes one sequence of tokens at a time, with buffers that are kept for the next one.</summary>
/// <remarks>Not safe for concurrent callers.</remarks>
internal sealed class TokenGenerator(DecoderModel model, TokenBytes bytes, int tokens) : IDisposable
{
    private readonly DecoderState _state = new(model, tokens);
    private readonly Sampler _sampler = new(model.Config.VocabularySize);
    private readonly LogProbabilityReader _logProbabilities = new(bytes);
    private bool _exact;
    private int? _unread;

    /// <summary>How many tokens fit before the buffers must grow.</summary>
    public int Capacity => _state.Capacity;

    /// <summary>Bytes of the key and value buffers.</summary>
    public long Bytes => _state.Bytes;

    /// <summary>Begins a sequence with a prompt.</summary>
    /// <param name="prompt">The prompt's tokens; at least one.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="exact">Whether steps compute as the prompt does (<see cref="DecoderState.Step"/>).</param>
    /// <param name="cancellationToken">Ends the reading of the prompt.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two chunks of the prompt.</exception>
    public void Begin(ReadOnlySpan<int> prompt, SamplingSettings sampling, bool exact, CancellationToken cancellationToken)
    {
        _unread = null;
        _exact = exact;
        _state.Truncate(0);
        _sampler.Begin(sampling);
        _state.Prefill(prompt, cancellationToken);
    }

    /// <summary>Chooses the next token. The model reads it only when one more is asked for.</summary>
    public int Next()
    {
        if (_unread is { } token)
        {
            _state.Step(token, _exact);
        }

        var next = _sampler.Choose(_state.Logits);
        _unread = next;
        return next;
    }

    /// <summary>The log-probability of the token that was chosen last.</summary>
    public TokenLogProbability ReadLogProbability(int topAlternatives) =>
        _logProbabilities.Read(_state.Logits, _unread ?? throw new InvalidOperationException("No token is chosen yet."), topAlternatives);

    public void Dispose() => _state.Dispose();
}
