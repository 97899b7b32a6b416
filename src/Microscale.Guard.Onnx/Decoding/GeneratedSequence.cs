namespace Microscale.Guard.Onnx;

/// <summary>A sequence whose continuation the model makes.</summary>
internal sealed class GeneratedSequence : DecoderSequence
{
    private readonly SamplingSettings _sampling;
    private readonly ITokenSink _sink;
    private readonly ITokenConstraint? _constraint;
    private readonly int[] _tokens;
    private int _count;
    private Sampler? _sampler;
    private bool _alone;

    /// <param name="prompt">The prompt; at least one token.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="maxTokens">The most tokens to choose; at least 1. Prompt and these fit into the model's context.</param>
    /// <param name="sink">Takes the tokens.</param>
    /// <param name="constraint">Says what the answer may consist of; null for anything.</param>
    /// <param name="cancellationToken">Ends the work before the next token.</param>
    public GeneratedSequence(
        int[] prompt, SamplingSettings sampling, int maxTokens, ITokenSink sink, ITokenConstraint? constraint, CancellationToken cancellationToken)
        : base(prompt, cancellationToken)
    {
        _sampling = sampling;
        _sink = sink;
        _constraint = constraint;
        _tokens = new int[prompt.Length + maxTokens];
        prompt.CopyTo(_tokens, 0);
        _count = prompt.Length;
    }

    /// <summary>Sequences with the same prompt that begin when this one has read it, without reading it again.</summary>
    public IReadOnlyList<GeneratedSequence> Followers { get; init; } = [];

    public override IEnumerable<DecoderSequence> Together => [this, .. Followers];

    public override int Rows => 1 + Followers.Count;

    /// <summary>Whether the answer may become the beginning of another prompt, and is worth keeping.</summary>
    public bool KeepsAnswer { get; init; } = true;

    public override ReadOnlySpan<int> TokensToKeep(int length) => _tokens.AsSpan(0, KeepsAnswer ? length : Math.Min(length, Prompt.Length));

    /// <summary>The tokens that the row has not read yet.</summary>
    public ReadOnlySpan<int> Unread(int length) => _tokens.AsSpan(length, _count - length);

    /// <summary>The last token that the row has read, and those that it has not.</summary>
    public ReadOnlySpan<int> LastAndUnread(int length) => _tokens.AsSpan(length - 1, _count - length + 1);

    /// <summary>From now on those that share the prompt end by themselves.</summary>
    public void FollowersBegin() => _alone = true;

    public override void End(Exception? exception)
    {
        base.End(exception);
        foreach (var follower in _alone ? [] : Followers)
        {
            follower.End(exception);
        }
    }

    public override SequenceState Advance(DecodeContext engine, int row, int chunkLength) =>
        ReadPrompt(engine, row, chunkLength).IsEmpty ? SequenceState.Reading : SequenceState.Stepping;

    /// <summary>Adds the token or tokens that follow all that was read.</summary>
    /// <param name="engine">What the engine's sequences share.</param>
    /// <param name="logits">The logits after what was read.</param>
    public SequenceState Continue(DecodeContext engine, ReadOnlySpan<float> logits)
    {
        if (_constraint is not { } constraint)
        {
            return Add(engine, Choose(engine, logits, []), logits);
        }

        if (constraint.IsComplete)
        {
            return Finish(complete: true);
        }

        if (constraint.ForcedTokens is not { IsEmpty: false } forced)
        {
            return AddConstrained(engine, Choose(engine, logits, constraint.AllowedTokens), logits, constraint);
        }

        // Each log-probability needs the logits of its place.
        if (_sink.TopLogProbabilities is not null)
        {
            return AddConstrained(engine, forced[0], logits, constraint);
        }

        Span<int> copy = stackalloc int[Math.Min(forced.Length, SequenceBatch.MaxRunLength)];
        forced[..copy.Length].CopyTo(copy);
        foreach (var token in copy)
        {
            if (AddConstrained(engine, token, logits, constraint) == SequenceState.Done)
            {
                return SequenceState.Done;
            }
        }

        return SequenceState.Stepping;
    }

    private int Choose(DecodeContext engine, ReadOnlySpan<float> logits, ReadOnlySpan<uint> allowed) =>
        (_sampler ??= new Sampler(_sampling, engine.SamplerMemory)).Choose(logits, allowed);

    private SequenceState AddConstrained(DecodeContext engine, int token, ReadOnlySpan<float> logits, ITokenConstraint constraint)
    {
        constraint.Accept(token);
        var state = Add(engine, token, logits);
        return state != SequenceState.Done && constraint.IsComplete ? Finish(complete: true) : state;
    }

    private SequenceState Add(DecodeContext engine, int token, ReadOnlySpan<float> logits)
    {
        _sampler?.Accept(token);
        _tokens[_count++] = token;
        var logProbability = _sink.TopLogProbabilities is { } top ? engine.LogProbabilities.Read(logits, token, top) : null;
        return !_sink.Accept(token, logProbability) ? SequenceState.Done
            : _count == _tokens.Length ? Finish(complete: false)
            : SequenceState.Stepping;
    }

    private SequenceState Finish(bool complete)
    {
        _sink.End(complete);
        return SequenceState.Done;
    }
}
