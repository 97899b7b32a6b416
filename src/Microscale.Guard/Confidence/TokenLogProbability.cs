namespace Microscale.Guard;

/// <summary>One generated token and how probable the model found it.</summary>
/// <remarks>The contract between models and scorers: a client that knows log-probabilities attaches a list of these to its
/// responses (<see cref="LogProbabilityExtensions"/>). Immutable.</remarks>
/// <param name="Utf8Bytes">The token's text in UTF-8; a token may hold part of a character. The tokens of a response,
/// joined, spell its text.</param>
/// <param name="LogProbability">The natural logarithm of the token's probability in its context, under the model's own
/// distribution (before temperature, top-k and top-p); at most 0.</param>
public sealed record TokenLogProbability(ReadOnlyMemory<byte> Utf8Bytes, double LogProbability)
{
    /// <summary>The most probable tokens at this place, best first; may hold the chosen token. Empty when not asked for.</summary>
    public IReadOnlyList<TokenAlternative> TopAlternatives { get; init; } = [];
}

/// <summary>A token that could have stood at a place.</summary>
/// <param name="Utf8Bytes">The token's text in UTF-8.</param>
/// <param name="LogProbability">The natural logarithm of its probability; at most 0.</param>
public sealed record TokenAlternative(ReadOnlyMemory<byte> Utf8Bytes, double LogProbability);
