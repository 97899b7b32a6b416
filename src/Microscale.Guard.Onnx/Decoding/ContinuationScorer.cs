namespace Microscale.Guard.Onnx;

/// <summary>Reads the log-probabilities of a given continuation, many tokens in a run.</summary>
internal static class ContinuationScorer
{
    private const int ChunkLength = 32;

    /// <summary>The log-probability of each token of a continuation after what the state has read, which then has read it too.</summary>
    /// <param name="state">The state; it has read at least one token.</param>
    /// <param name="continuation">The tokens.</param>
    /// <param name="reader">Reads log-probabilities from logits.</param>
    /// <param name="topAlternatives">How many alternatives; 0 for none.</param>
    /// <param name="cancellationToken">Ends the work between two runs.</param>
    public static IReadOnlyList<TokenLogProbability> Score(
        DecoderState state, ReadOnlySpan<int> continuation, LogProbabilityReader reader, int topAlternatives, CancellationToken cancellationToken)
    {
        var scores = new List<TokenLogProbability>(continuation.Length);
        var width = state.Logits.Length;
        var rows = new float[Math.Min(ChunkLength, continuation.Length) * width];
        while (!continuation.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = continuation[..Math.Min(ChunkLength, continuation.Length)];
            scores.Add(reader.Read(state.Logits, chunk[0], topAlternatives));
            state.ReadAll(chunk, rows);
            for (var i = 1; i < chunk.Length; i++)
            {
                scores.Add(reader.Read(rows.AsSpan((i - 1) * width, width), chunk[i], topAlternatives));
            }

            continuation = continuation[chunk.Length..];
        }

        return scores;
    }
}
