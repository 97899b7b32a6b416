using System.Numerics.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>Chooses the tokens of one answer from logits: penalties and a constraint's mask, then temperature, then top-k, then
/// top-p (nucleus sampling: Holtzman et al., "The curious case of neural text degeneration", ICLR 2020), then min-p (Nguyen et
/// al., "Turning up the heat: min-p sampling", ICLR 2025).</summary>
/// <param name="settings">How to choose.</param>
/// <param name="memory">Scratch memory, shared by samplers of one thread, so that choosing allocates nothing.</param>
/// <remarks>Not safe for concurrent callers.</remarks>
internal sealed class Sampler(SamplingSettings settings, SamplerMemory memory)
{
    private readonly Dictionary<int, int> _chosen = [];
    private SeededRandom _random = new(settings.Seed);

    private bool Penalises => settings.FrequencyPenalty != 0 || settings.PresencePenalty != 0;

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">The model's logits.</param>
    /// <param name="allowed">The tokens that may be chosen (<see cref="TokenMask"/>); empty for all.</param>
    /// <exception cref="InvalidDataException">The logits are not numbers.</exception>
    /// <exception cref="InvalidOperationException">No token may be chosen.</exception>
    public int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<uint> allowed = default)
    {
        var own = TensorPrimitives.Max(logits);
        if (!float.IsFinite(own))
        {
            throw new InvalidDataException(
                "The model computed no finite logits: its weight files are damaged. Compare the model folder with its SHA256SUMS and fetch what differs.");
        }

        var adjusted = Adjust(logits, allowed);
        var best = TensorPrimitives.IndexOfMax(adjusted);
        if (float.IsNegativeInfinity(adjusted[best]))
        {
            throw new InvalidOperationException("The constraint of the answer allows no token that the model knows.");
        }

        return settings.Temperature == 0 ? best : Draw(adjusted, adjusted[best]);
    }

    /// <summary>Takes note of a token of the answer, for the penalties.</summary>
    public void Accept(int token)
    {
        if (Penalises)
        {
            _chosen[token] = _chosen.GetValueOrDefault(token) + 1;
        }
    }

    private ReadOnlySpan<float> Adjust(ReadOnlySpan<float> logits, ReadOnlySpan<uint> allowed)
    {
        if (!Penalises && allowed.IsEmpty)
        {
            return logits;
        }

        var copy = memory.Logits[..logits.Length];
        if (allowed.IsEmpty)
        {
            logits.CopyTo(copy);
        }
        else
        {
            TokenMask.Apply(allowed, logits, copy);
        }

        foreach (var (token, count) in _chosen)
        {
            copy[token] -= (count * settings.FrequencyPenalty) + settings.PresencePenalty;
        }

        return copy;
    }

    private int Draw(ReadOnlySpan<float> logits, float max)
    {
        if (settings.TopK is { } k && k < logits.Length)
        {
            var best = memory.Ranks[..k];
            TokenRank.SelectBest(logits, best);
            var kept = memory.Weights[..k];
            for (var i = 0; i < k; i++)
            {
                kept[i] = TokenRank.Value(best[i]);
            }

            Exponentiate(kept, max);
            return DrawRanked(best, kept, Total(kept));
        }

        var weights = memory.Weights[..logits.Length];
        logits.CopyTo(weights);
        Exponentiate(weights, max);
        var total = Total(weights);
        if (settings.TopP == 1 && settings.MinP == 0)
        {
            return DrawUnranked(weights, total);
        }

        var ranks = memory.Ranks[..SelectNucleus(weights, total)];
        ranks.Sort();
        for (var i = 0; i < ranks.Length; i++)
        {
            weights[i] = TokenRank.Value(ranks[i]);
        }

        return DrawRanked(ranks, weights[..ranks.Length], total);
    }

    /// <summary>Finds the ranks of a set of tokens that holds all that may be chosen, and few others: sorting is what costs.</summary>
    private int SelectNucleus(ReadOnlySpan<float> weights, double total)
    {
        const float Step = 8;

        // All tokens below this weight together have less than 1 - p, so none of them can be in the set.
        // (A little lower, for the rounding.)
        var lowest = Math.Max(settings.MinP, (float)(0.999 * (1 - (double)settings.TopP) * total / weights.Length));
        for (var threshold = 1 / Step; ; threshold /= Step)
        {
            var count = TokenRank.SelectAtLeast(weights, Math.Max(threshold, lowest), memory.Ranks);
            var selected = 0.0;
            foreach (var rank in memory.Ranks[..count])
            {
                selected += TokenRank.Value(rank);
            }

            if (threshold <= lowest || selected > settings.TopP * total * (1 + 1e-9))
            {
                return count;
            }
        }
    }

    /// <summary>Draws from weights sorted downwards, out of the first that have the probability top-p of the total and none less
    /// than min-p of the largest, which is 1.</summary>
    private int DrawRanked(ReadOnlySpan<ulong> ranks, ReadOnlySpan<float> weights, double total)
    {
        var kept = 0.0;
        var count = 0;
        while (count < weights.Length && (count == 0 || (kept < settings.TopP * total && weights[count] >= settings.MinP)))
        {
            kept += weights[count++];
        }

        return TokenRank.Token(ranks[Walk(weights[..count], _random.NextDouble() * kept)]);
    }

    private int DrawUnranked(ReadOnlySpan<float> weights, double total)
    {
        const int BlockLength = 256;
        var left = _random.NextDouble() * total;
        var last = 0;
        for (var start = 0; start < weights.Length; start += BlockLength)
        {
            var block = weights.Slice(start, Math.Min(BlockLength, weights.Length - start));
            var sum = TensorPrimitives.Sum(block);
            if (sum > 0)
            {
                last = start;
                if (left < sum)
                {
                    break;
                }
            }

            left -= sum;
        }

        return last + Walk(weights.Slice(last, Math.Min(BlockLength, weights.Length - last)), left);
    }

    /// <summary>The place where the running sum of the weights passes <paramref name="left"/>; rounding never leads to a
    /// place without weight.</summary>
    private static int Walk(ReadOnlySpan<float> weights, double left)
    {
        var last = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0)
            {
                last = i;
                if (left < weights[i])
                {
                    break;
                }
            }

            left -= weights[i];
        }

        return last;
    }

    private void Exponentiate(Span<float> weights, float max)
    {
        TensorPrimitives.Subtract(weights, max, weights);
        TensorPrimitives.Divide(weights, settings.Temperature, weights);
        TensorPrimitives.Exp(weights, weights);
    }

    private static double Total(ReadOnlySpan<float> weights)
    {
        const int BlockLength = 256;
        var total = 0.0;
        for (var start = 0; start < weights.Length; start += BlockLength)
        {
            total += TensorPrimitives.Sum(weights.Slice(start, Math.Min(BlockLength, weights.Length - start)));
        }

        return total;
    }
}
