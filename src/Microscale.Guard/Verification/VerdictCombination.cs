namespace Microscale.Guard;

/// <summary>Combines what the verifiers say of one claim.</summary>
/// <remarks>The first rule that fits: any says Contradicted: Contradicted; any failed: Unverifiable; any says Unverifiable:
/// Unverifiable; at least one says Supported: Supported; none has an opinion: Unverifiable. So support never outweighs a
/// doubt, and silence is not support.</remarks>
internal static class VerdictCombination
{
    /// <param name="opinions">One element a verifier: its verdict, null for no opinion; and whether it failed.</param>
    public static Verdict Combine(IReadOnlyList<(Verdict? Verdict, bool Failed)> opinions)
    {
        var doubted = false;
        var supported = false;
        foreach (var (verdict, failed) in opinions)
        {
            // What a verifier that failed says counts for nothing.
            if (!failed && verdict is Verdict.Contradicted)
            {
                return Verdict.Contradicted;
            }

            doubted |= failed || verdict is Verdict.Unverifiable;
            supported |= verdict is Verdict.Supported;
        }

        return supported && !doubted ? Verdict.Supported : Verdict.Unverifiable;
    }
}
