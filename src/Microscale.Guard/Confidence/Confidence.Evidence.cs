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
}
