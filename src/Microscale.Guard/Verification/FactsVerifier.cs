using System.Runtime.CompilerServices;

namespace Microscale.Guard;

/// <summary>Checks by rule that the numbers, dates and names of a claim occur in the evidence.</summary>
/// <remarks>
/// A claim that names something which no evidence names is Unverifiable, with an explanation that says what is missing.
/// Where everything is there, or nothing is to check, the verifier has no opinion: that the words occur proves nothing, so
/// it is a companion of one that understands (<see cref="EntailmentVerifier"/>). What only the question says is not
/// evidence, and without any evidence there is no opinion. The result of a right sum in the claim needs no evidence, its parts do
/// (<see cref="ArithmeticVerifier"/>); any other sum or count that the evidence does not spell out is missing: it was not checked.
/// <para>Formats are tolerated: 1,200,000 = 1.2 million; twelve = 12th; 5% = five percent; 5 km = 5,000 metres
/// = 3.1 miles (a rounded conversion); 3 May 2024 = May 3,
/// 2024 = 2024-05-03, and a year is found inside a date; names without case, diacritics and possessives, with a few words
/// between, as initials (UN, United Nations), a country as its people (Brazil, Brazilian). English. Safe for concurrent
/// callers.</para>
/// </remarks>
public sealed class FactsVerifier : IClaimVerifier
{
    private const int MostNamed = 5;

    // Evidence is read once for all sentences of an answer.
    private readonly ConditionalWeakTable<IReadOnlyList<Evidence>, EvidenceFacts> _facts = [];

    /// <inheritdoc/>
    public string Name => "facts";

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.Rule;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var findings = new VerifierFinding?[context.Claims.Count];
        if (context.Evidence.Count == 0)
        {
            return new(findings);
        }

        var evidence = _facts.GetValue(context.Evidence, static e => new EvidenceFacts(e));
        for (var i = 0; i < findings.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings[i] = Judge(context.Claims[i].Text, evidence);
        }

        return new(findings);
    }

    private VerifierFinding? Judge(string claim, EvidenceFacts evidence)
    {
        var facts = evidence.MissingOf(claim);
        string[] missing = [.. facts.Figures.Concat(facts.Names).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostNamed)];
        return missing.Length == 0
            ? null
            : new VerifierFinding(Name, Verdict.Unverifiable)
            {
                Explanation = missing.Length == 1
                    ? missing[0] + " is not in the evidence."
                    : string.Join(", ", missing[..^1]) + " and " + missing[^1] + " are not in the evidence.",
            };
    }
}
