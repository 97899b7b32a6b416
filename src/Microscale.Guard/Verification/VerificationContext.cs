namespace Microscale.Guard;

/// <summary>What a verifier judges, and by what.</summary>
/// <param name="Claims">The claims to judge; never empty.</param>
/// <param name="Evidence">All evidence of the request; empty when there is none.</param>
/// <param name="Question">The words of the last user turn; empty when there are none. What the question presumes is not
/// evidence.</param>
public sealed record VerificationContext(IReadOnlyList<Claim> Claims, IReadOnlyList<Evidence> Evidence, string Question);
