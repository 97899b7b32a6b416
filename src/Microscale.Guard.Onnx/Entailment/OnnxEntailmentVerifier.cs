namespace Microscale.Guard.Onnx;

/// <summary>An <see cref="EntailmentVerifier"/> with a local model of its own.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
public sealed class OnnxEntailmentVerifier : IClaimVerifier, IDisposable
{
    private readonly OnnxEntailmentModel _model;
    private readonly EntailmentVerifier _verifier;

    /// <summary>Creates the verifier.</summary>
    /// <param name="model">The model; disposed with the verifier.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public OnnxEntailmentVerifier(OnnxEntailmentModel model, EntailmentVerifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _verifier = new EntailmentVerifier(model, options);
        _model = model;
    }

    /// <inheritdoc/>
    public string Name => _verifier.Name;

    /// <inheritdoc/>
    public string Fingerprint => _verifier.Fingerprint;

    /// <inheritdoc/>
    public string? CacheKey => _verifier.CacheKey;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default) =>
        _verifier.VerifyAsync(context, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
