using Microscale.Guard.Onnx;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>Which scorer a pipeline file asks for.</summary>
internal sealed class ScorerSettings
{
    /// <summary>One of the names that <see cref="Create"/> knows.</summary>
    public string Kind { get; set; } = "";

    /// <summary>How many further answers are drawn, for the scorers that draw any.</summary>
    public int Samples { get; set; } = 5;

    /// <summary>What counts as the same answer: lexical, exact, embedding or entailment.</summary>
    public string Similarity { get; set; } = "lexical";

    /// <exception cref="BadInputException">There is no scorer or similarity of that name.</exception>
    public IConfidenceScorer Create(LocalStrategies local) => Kind switch
    {
        "token-probability" => Confidence.TokenProbability(),
        "token-entropy" => Confidence.TokenEntropy(),
        "token-margin" => Confidence.TokenMargin(),
        "self-certainty" => Confidence.SelfCertainty(),
        "perplexity" => Confidence.Perplexity(),
        "consistency" => Confidence.Consistency(Samples, CreateSimilarity(local)),
        "degree-matrix" => Confidence.DegreeMatrix(Samples, CreateSimilarity(local)),
        "semantic-sets" => Confidence.SemanticSets(Samples, CreateSimilarity(local)),
        "semantic-entropy" => Confidence.SemanticEntropy(local.Entailment, Samples),
        "cocoa" => Confidence.CoCoA(Samples, CreateSimilarity(local)),
        "p-true" => Confidence.PTrue(),
        "verbalized" => Confidence.Verbalized(),
        "evidence-fit" => Confidence.EvidenceFit(),
        "answerability" => Confidence.Answerability(local.Entailment),
        "quoted-answer" => LocalScorers.QuotedAnswer(local.Entailment, local.Embeddings),
        _ => throw new BadInputException(
            $"There is no scorer '{Kind}': Scorer:Kind is token-probability, token-entropy, token-margin, self-certainty, perplexity, consistency, degree-matrix, semantic-sets, semantic-entropy, cocoa, p-true, verbalized, evidence-fit, answerability or quoted-answer."),
    };

    private IAnswerSimilarity CreateSimilarity(LocalStrategies local) => Similarity switch
    {
        "lexical" => AnswerSimilarity.Lexical,
        "exact" => AnswerSimilarity.Exact,
        "embedding" => AnswerSimilarity.Embedding(local.Embeddings),
        "entailment" => AnswerSimilarity.Entailment(local.Entailment),
        _ => throw new BadInputException($"There is no similarity '{Similarity}': Scorer:Similarity is lexical, exact, embedding or entailment."),
    };
}
