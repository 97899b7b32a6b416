namespace Microscale.Guard;

/// <summary>What asking a verifier costs. Verifiers run from the cheapest to the dearest, so that a dear one is not asked about
/// what is settled.</summary>
public enum VerifierCost
{
    /// <summary>Rules: microseconds a claim.</summary>
    Rule = 0,

    /// <summary>A small model in this process: some hundredths of a second a claim.</summary>
    LocalModel,

    /// <summary>A language model, or a service: seconds, and tokens or money.</summary>
    Remote,
}
