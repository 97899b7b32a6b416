using Microsoft.Extensions.AI;

namespace Microscale.Guard;

public static partial class Confidence
{
    /// <summary>How far one sentence of the evidence holds both the question and the answer: the highest product, over the sentences, of
    /// the share of the question's terms and the share of the terms that the answer adds which the sentence holds. 0 where
    /// the answer adds nothing to the question, as one that only repeats it. Costs nothing, and goes sentence by sentence in a
    /// stream. Not available without evidence. English stop words do not count.</summary>
    /// <remarks>For grounded answers, beside a verifier: that sees whether the evidence says what is said, this whether it
    /// speaks of what was asked. Lexical overlap as a measure of grounding, as knowledge F1 (Shuster et al. 2021, arXiv
    /// 2104.07567).</remarks>
    public static IConfidenceScorer EvidenceFit() => new EvidenceFitScorer();

    /// <summary>Whether the answer answers the question, whatever it says: the probability, by an entailment model, that "this text
    /// contains the answer to the question" follows from it. Costs one pair; goes sentence by sentence in a stream. Not available without
    /// a question.</summary>
    /// <param name="model">The entailment model; not disposed.</param>
    /// <remarks>For grounded answers, beside a verifier: a sentence of a passage may be supported by it, be about the question, and
    /// not answer it. Entailment as a zero-shot classifier: Yin et al. 2019, arXiv 1909.00161; docs/confidence.md has figures.</remarks>
    public static IConfidenceScorer Answerability(IEntailmentModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new AnswerabilityScorer(model);
    }

    /// <summary>How near the answer is to the question: the cosine of their embeddings, 0 where it is negative. Goes sentence by sentence in
    /// a stream. Not available without a question.</summary>
    /// <param name="embeddings">The embedding model; not disposed.</param>
    /// <remarks>A part for an ensemble with <see cref="Answerability"/>; alone it says little, as an answer that repeats the question is
    /// nearest to it. Answer relevance: Es et al. 2023, "RAGAS", arXiv 2309.15217, here without questions made of the answer.</remarks>
    public static IConfidenceScorer QuestionSimilarity(IEmbeddingGenerator<string, Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return new QuestionSimilarityScorer(embeddings);
    }

    /// <summary>The score of an answer in the words of the evidence, and 0 for any other: one sentence of it must hold
    /// <paramref name="minimumShare"/> of the answer's terms. Costs what <paramref name="scorer"/> costs, and nothing for other answers. Not
    /// available without evidence. English stop words do not count.</summary>
    /// <param name="scorer">Scores what is quoted, such as <see cref="Answerability"/>.</param>
    /// <param name="minimumShare">From 0 to 1.</param>
    /// <remarks>For small models, which go wrong where they leave the words of a passage; escalate to a
    /// <see cref="QuotingChatClient"/>. A large model that is asked to put it into its own words needs it not.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimumShare"/> is out of its range.</exception>
    public static IConfidenceScorer Quoted(IConfidenceScorer scorer, double minimumShare = 0.95)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        return minimumShare is >= 0 and <= 1
            ? new QuotedScorer(scorer, minimumShare)
            : throw new ArgumentOutOfRangeException(nameof(minimumShare), minimumShare, "The share of an answer's terms is from 0 to 1.");
    }
}
