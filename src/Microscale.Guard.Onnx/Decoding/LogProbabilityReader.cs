using System.Numerics.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>Reads log-probabilities of the model's own distribution from logits: a token's logit less the logarithm of the sum
/// of all exponentials.</summary>
/// <remarks>Holds its scratch memory. Not safe for concurrent callers.</remarks>
internal sealed class LogProbabilityReader(TokenBytes bytes)
{
    private const int BlockLength = 256;

    private readonly float[] _scratch = new float[BlockLength];

    /// <summary>The record of a token and of the most probable tokens at its place.</summary>
    /// <param name="logits">The logits of the place.</param>
    /// <param name="token">The chosen token.</param>
    /// <param name="topAlternatives">How many alternatives; 0 for none.</param>
    public TokenLogProbability Read(ReadOnlySpan<float> logits, int token, int topAlternatives)
    {
        var normaliser = LogNormaliser(logits);
        var alternatives = new TokenAlternative[topAlternatives];
        Span<ulong> best = stackalloc ulong[topAlternatives];
        TokenRank.SelectBest(logits, best);
        for (var i = 0; i < best.Length; i++)
        {
            alternatives[i] = new TokenAlternative(bytes[TokenRank.Token(best[i])], LogProbability(TokenRank.Value(best[i]), normaliser));
        }

        return new TokenLogProbability(bytes[token], LogProbability(logits[token], normaliser)) { TopAlternatives = alternatives };
    }

    /// <summary>The logarithm of the sum of the exponentials, summed in blocks so that single precision suffices.</summary>
    public double LogNormaliser(ReadOnlySpan<float> logits)
    {
        var max = TensorPrimitives.Max(logits);
        var sum = 0.0;
        for (var start = 0; start < logits.Length; start += BlockLength)
        {
            var block = logits.Slice(start, Math.Min(BlockLength, logits.Length - start));
            var scratch = _scratch.AsSpan(0, block.Length);
            TensorPrimitives.Subtract(block, max, scratch);
            TensorPrimitives.Exp(scratch, scratch);
            sum += TensorPrimitives.Sum<float>(scratch);
        }

        return max + Math.Log(sum);
    }

    private static double LogProbability(double logit, double normaliser) => Math.Min(0, logit - normaliser);
}
