using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The similarities of answers that <see cref="Confidence.Consistency"/> can go by.</summary>
/// <remarks>All are symmetric, and safe for concurrent use.</remarks>
public static class AnswerSimilarity
{
    /// <summary>By all words in their order: 1 where they are the same but for case, accents, punctuation and articles, 0
    /// otherwise.</summary>
    /// <remarks>Exact match as in SQuAD (Rajpurkar et al. 2016, arXiv 1606.05250). For answers of a few words.</remarks>
    public static IAnswerSimilarity Exact { get; } = new ExactSimilarity();

    /// <summary>By shared words: 2c / (a + b) for a and b different content words of the two answers, c of them in both; the
    /// words of the question do not count, since every answer may repeat them. It is multiplied by the share of common
    /// numbers, and by that of common names, where both answers have some: "in 1965" and "in 2013" are against each
    /// other, however alike the words around.</summary>
    /// <remarks>Token F1 as in SQuAD (Rajpurkar et al. 2016, arXiv 1606.05250), on sets of content words; the share
    /// is the overlap coefficient |A ∩ B| / min(|A|, |B|). It costs next to nothing and needs no model; it does not see
    /// synonyms and takes a negation for one word among others. For short answers; for long ones, and for other languages
    /// than English, entailment is the better judge.</remarks>
    public static IAnswerSimilarity Lexical { get; } = new LexicalSimilarity();

    /// <summary>By meaning as an embedding model sees it: the cosine of the two embeddings, and 0 where it is negative.</summary>
    /// <param name="generator">The embedding model; not disposed.</param>
    /// <remarks>Sentence embeddings compared by cosine: Reimers and Gurevych 2019, arXiv 1908.10084. An embedding model finds
    /// "in 1965" and "in 2013" alike; where answers hang on numbers and names, combine it with another.</remarks>
    public static IAnswerSimilarity Embedding(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new EmbeddingSimilarity(generator);
    }

    /// <summary>By entailment both ways: the smaller of the probabilities that the first answer entails the second and the
    /// second the first, each answer read after its question.</summary>
    /// <param name="model">The entailment model; not disposed.</param>
    /// <remarks>Two answers mean the same when each entails the other in the context of the question (Farquhar et al. 2024,
    /// "Detecting hallucinations in large language models using semantic entropy", Nature 630, Methods); the minimum is
    /// the graded form of that conjunction.</remarks>
    public static IAnswerSimilarity Entailment(IEntailmentModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new EntailmentSimilarity(model);
    }

    /// <summary>By contradiction both ways: 1 − (c₁ + c₂) / 2 for the probabilities that the first answer contradicts the second
    /// and the second the first, each answer read after its question. More lenient than <see cref="Entailment"/>: an answer
    /// that says more, or something beside, is no disagreement.</summary>
    /// <param name="model">The entailment model; not disposed.</param>
    /// <remarks>Chen and Mueller 2024, "Quantifying uncertainty in answers from any language model", arXiv 2308.16175,
    /// section 3.1.</remarks>
    public static IAnswerSimilarity NonContradiction(IEntailmentModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new NonContradictionSimilarity(model);
    }
}
