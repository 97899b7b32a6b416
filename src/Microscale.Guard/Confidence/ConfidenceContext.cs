using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a scorer judges, and by what.</summary>
/// <remarks>Safe for concurrent scorers; samples are drawn once and shared by all that ask.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never taken holds nothing to release.")]
public sealed class ConfidenceContext
{
    private readonly Func<int, CancellationToken, Task<IReadOnlyList<ChatResponse>>> _draw;
    private readonly ConfidenceContext? _whole;
    private List<ChatResponse>? _samples;
    private SemaphoreSlim? _drawing;

    /// <summary>Creates a context.</summary>
    /// <param name="messages">The conversation that the answer ends, as the model saw it.</param>
    /// <param name="text">The answer, or its beginning while it is streamed.</param>
    /// <param name="tokens">The log-probabilities of the answer's tokens; null when there are none. Tokens that do not spell
    /// <paramref name="text"/> are not used.</param>
    /// <param name="drawSamples">Draws that many further answers to the same conversation.</param>
    public ConfidenceContext(
        IReadOnlyList<ChatMessage> messages,
        string text,
        IReadOnlyList<TokenLogProbability>? tokens,
        Func<int, CancellationToken, Task<IReadOnlyList<ChatResponse>>> drawSamples)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(drawSamples);
        Messages = messages;
        Text = text;
        Tokens = tokens is not null && TokenSpelling.Spells(tokens, text) ? tokens : null;
        _draw = drawSamples;
    }

    private ConfidenceContext(ConfidenceContext whole, Claim claim)
    {
        _whole = whole;
        _draw = whole._draw;
        Messages = whole.Messages;
        Text = whole.Text;
        Tokens = whole.Tokens;
        Model = whole.Model;
        Claim = claim;
    }

    /// <summary>The conversation that the answer ends, as the model saw it.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The words of the last user turn.</summary>
    public string Question => Conversation.Question(Messages);

    /// <summary>The answer, or its beginning while it is streamed.</summary>
    public string Text { get; }

    /// <summary>The log-probabilities of the answer's tokens; null when the model gives none, or when they do not spell the
    /// answer (a cache or a filter changed it).</summary>
    public IReadOnlyList<TokenLogProbability>? Tokens { get; }

    /// <summary>The model that gave the answer; null when it cannot be asked anything.</summary>
    public AnsweringModel? Model { get; init; }

    /// <summary>The claim that is scored: scorers that go by tokens count only those of its span. Null for the whole
    /// answer.</summary>
    public Claim? Claim { get; }

    /// <summary>What scorers that go by texts read: the claim, or the whole answer.</summary>
    internal string ScoredText => Claim?.Text ?? Text;

    /// <summary>The same answer, of which only one claim is to be scored.</summary>
    /// <param name="claim">A claim of <see cref="Text"/>.</param>
    /// <returns>A context that shares its samples with this one.</returns>
    /// <exception cref="ArgumentException">The claim's span is not within the text.</exception>
    public ConfidenceContext For(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim.Start >= 0 && claim.Length >= 0 && claim.End <= Text.Length
            ? new ConfidenceContext(_whole ?? this, claim)
            : throw new ArgumentException(
                $"The claim's span {claim.Start}..{claim.End} is not within the {Text.Length} characters of the answer: pass a claim of this answer.", nameof(claim));
    }

    /// <summary>Further answers to the same conversation.</summary>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="cancellationToken">Ends the drawing.</param>
    /// <returns>Exactly <paramref name="count"/> answers.</returns>
    public async ValueTask<IReadOnlyList<ChatResponse>> DrawSamplesAsync(int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (_whole is not null)
        {
            return await _whole.DrawSamplesAsync(count, cancellationToken);
        }

        var drawing = LazyInitializer.EnsureInitialized(ref _drawing, static () => new SemaphoreSlim(1, 1));
        await drawing.WaitAsync(cancellationToken);
        try
        {
            _samples ??= [];
            if (_samples.Count < count)
            {
                _samples.AddRange(await _draw(count - _samples.Count, cancellationToken));
            }

            return _samples[..count];
        }
        finally
        {
            drawing.Release();
        }
    }
}
