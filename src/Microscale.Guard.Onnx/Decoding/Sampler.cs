using System.Numerics.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>Chooses tokens from logits: penalties, then temperature, then top-k, then top-p (nucleus sampling: Holtzman et al.,
/// "The curious case of neural text degeneration", ICLR 2020).</summary>
/// <remarks>Holds its scratch memory, so that choosing allocates nothing. Not safe for concurrent callers.</remarks>
internal sealed class Sampler(int vocabularySize)
{
    private readonly float[] _weights = new float[vocabularySize];
    private readonly Dictionary<int, int> _chosen = [];
    private ulong[] _ranks = [];
    private float[] _penalised = [];
    private SamplingSettings _settings = new();
    private SeededRandom _random;

    /// <summary>Begins an answer.</summary>
    public void Begin(SamplingSettings settings)
    {
        _settings = settings;
        _random = new SeededRandom(settings.Seed);
        _chosen.Clear();
        if (settings.Temperature > 0 && (settings.TopK is not null || settings.TopP < 1) && _ranks.Length == 0)
        {
            _ranks = new ulong[vocabularySize];
        }
    }

    /// <summary>Chooses the next token.</summary>
    /// <exception cref="InvalidDataException">The logits are not numbers.</exception>
    public int Choose(ReadOnlySpan<float> logits)
    {
        var penalises = _settings.FrequencyPenalty != 0 || _settings.PresencePenalty != 0;
        if (penalises)
        {
            logits = Penalise(logits);
        }

        var best = TensorPrimitives.IndexOfMax(logits);
        if (!float.IsFinite(logits[best]))
        {
            throw new InvalidDataException(
                "The model computed no finite logits: its weight files are damaged. Compare the model folder with its SHA256SUMS and fetch what differs.");
        }

        var token = _settings.Temperature == 0 ? best : Draw(logits, logits[best]);
        if (penalises)
        {
            _chosen[token] = _chosen.GetValueOrDefault(token) + 1;
        }

        return token;
    }

    private ReadOnlySpan<float> Penalise(ReadOnlySpan<float> logits)
    {
        if (_penalised.Length == 0)
        {
            _penalised = new float[vocabularySize];
        }

        logits.CopyTo(_penalised);
        foreach (var (token, count) in _chosen)
        {
            _penalised[token] -= (count * _settings.FrequencyPenalty) + _settings.PresencePenalty;
        }

        return _penalised;
    }

    private int Draw(ReadOnlySpan<float> logits, float max)
    {
        if (_settings.TopK is { } k && k < logits.Length)
        {
            var best = _ranks.AsSpan(0, k);
            TokenRank.SelectBest(logits, best);
            for (var i = 0; i < k; i++)
            {
                _weights[i] = TokenRank.Value(best[i]);
            }

            Exponentiate(_weights.AsSpan(0, k), max);
            return DrawRanked(best, _weights.AsSpan(0, k), Total(_weights.AsSpan(0, k)));
        }

        var weights = _weights.AsSpan(0, logits.Length);
        logits.CopyTo(weights);
        Exponentiate(weights, max);
        var total = Total(weights);
        if (_settings.TopP == 1)
        {
            return DrawUnranked(weights, total);
        }

        // All tokens below this weight together have less than 1 - p, so none of them can be in the set.
        // (A little lower, for the rounding.)
        var threshold = (float)(0.999 * (1 - (double)_settings.TopP) * total / weights.Length);
        var ranks = _ranks.AsSpan(0, TokenRank.SelectAtLeast(weights, threshold, _ranks));
        ranks.Sort();
        for (var i = 0; i < ranks.Length; i++)
        {
            weights[i] = TokenRank.Value(ranks[i]);
        }

        return DrawRanked(ranks, weights[..ranks.Length], total);
    }

    /// <summary>Draws from weights sorted downwards, out of the first that have the probability top-p of the total.</summary>
    private int DrawRanked(ReadOnlySpan<ulong> ranks, ReadOnlySpan<float> weights, double total)
    {
        var kept = 0.0;
        var count = 0;
        while (count < weights.Length && (count == 0 || kept < _settings.TopP * total))
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
        TensorPrimitives.Divide(weights, _settings.Temperature, weights);
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
