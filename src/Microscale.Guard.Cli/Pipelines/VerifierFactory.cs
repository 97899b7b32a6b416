using Microsoft.Extensions.AI;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>Makes the verifiers that a pipeline file names.</summary>
internal static class VerifierFactory
{
    /// <summary>Whether a verifier asks the model that is guarded.</summary>
    public static bool AsksModel(string name) => name is "sample-agreement" or "judge";

    /// <param name="name">The verifier's name.</param>
    /// <param name="client">The bare model, which judges and draws samples.</param>
    /// <param name="local">The local models.</param>
    /// <exception cref="BadInputException">There is no verifier of that name.</exception>
    public static IClaimVerifier Create(string name, IChatClient client, LocalStrategies local) => name switch
    {
        "entailment" => new EntailmentVerifier(local.Entailment),
        "facts" => new FactsVerifier(),
        "quotations" => new QuotationVerifier(),
        "citations" => new CitationVerifier(new EntailmentVerifier(local.Entailment)),
        "arithmetic" => new ArithmeticVerifier(),
        "sample-agreement" => new SampleAgreementVerifier(client, local.Entailment),
        "judge" => new JudgeVerifier(client),
        _ => throw new BadInputException(
            $"There is no verifier '{name}': Verifiers holds some of entailment, facts, quotations, citations, arithmetic, sample-agreement, judge."),
    };
}
