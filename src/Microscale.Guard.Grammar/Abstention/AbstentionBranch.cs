namespace Microscale.Guard.Grammar;

/// <summary>The tokens by which a model answers, and those by which it abstains, where the next token decides. Immutable.</summary>
public sealed class AbstentionBranch
{
    private readonly uint[] _answer;
    private readonly uint[] _abstain;

    internal AbstentionBranch(uint[] answer, uint[] abstain)
    {
        _answer = answer;
        _abstain = abstain;
    }

    /// <summary>The tokens that lead to an answer, as a set of bits like a mask.</summary>
    public ReadOnlySpan<uint> AnswerTokens => _answer;

    /// <summary>The tokens that lead to an abstention, as a set of bits like a mask.</summary>
    public ReadOnlySpan<uint> AbstainTokens => _abstain;

    /// <summary>How likely the model is to answer, of the two: the probability of the answering tokens over that of both kinds. A
    /// raw confidence in 0..1, not calibrated.</summary>
    /// <param name="logits">The model's scores of all tokens (logits or log-probabilities), without a mask.</param>
    /// <exception cref="ArgumentException">There are fewer scores than tokens that were named.</exception>
    public double AnswerProbability(ReadOnlySpan<float> logits)
    {
        if (logits.Length <= Math.Max(Last(_answer), Last(_abstain)))
        {
            throw new ArgumentException("There must be a score for each token of the vocabulary.", nameof(logits));
        }

        var highest = Math.Max(Highest(logits, _answer), Highest(logits, _abstain));
        var (answer, abstain) = (Sum(logits, _answer, highest), Sum(logits, _abstain, highest));
        return answer / (answer + abstain);
    }

    private static float Highest(ReadOnlySpan<float> logits, uint[] tokens)
    {
        var highest = float.NegativeInfinity;
        for (var token = 0; token < logits.Length && token >> 5 < tokens.Length; token++)
        {
            if ((tokens[token >> 5] >> token & 1) != 0)
            {
                highest = Math.Max(highest, logits[token]);
            }
        }

        return highest;
    }

    private static double Sum(ReadOnlySpan<float> logits, uint[] tokens, float highest)
    {
        var sum = 0.0;
        for (var token = 0; token < logits.Length && token >> 5 < tokens.Length; token++)
        {
            if ((tokens[token >> 5] >> token & 1) != 0)
            {
                sum += Math.Exp(logits[token] - highest);
            }
        }

        return sum;
    }

    private static int Last(uint[] tokens)
    {
        var word = Array.FindLastIndex(tokens, w => w != 0);
        return word < 0 ? -1 : (32 * word) + 31 - System.Numerics.BitOperations.LeadingZeroCount(tokens[word]);
    }
}
