using System.Globalization;

namespace Microscale.Guard;

/// <summary>Checks what a claim cites ("[2]", "[1, 3]"): that the passage exists, and that the cited passages say so.</summary>
/// <remarks>
/// Numbers count the evidence from 1, as grounding shows it. A claim that cites a passage that does not exist is Unverifiable.
/// With a verifier to ask, one whose cited passages together do not support it takes that verifier's verdict, though other
/// passages may support it; one that they support is Supported by them. There is no opinion on claims that cite nothing, unless
/// <see cref="RequireCitations"/> is set. Safe for concurrent callers if the other verifier is.
/// </remarks>
/// <param name="support">Judges a claim by the passages that it cites; null to check only that they exist.</param>
public sealed class CitationVerifier(IClaimVerifier? support = null) : IClaimVerifier
{
    /// <summary>Whether a claim that cites nothing is Unverifiable.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool RequireCitations { get; init; }

    /// <inheritdoc/>
    public string Name => "citation";

    /// <inheritdoc/>
    public VerifierCost Cost => support?.Cost ?? VerifierCost.Rule;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var findings = new VerifierFinding?[context.Claims.Count];
        var cited = new List<(int Claim, string Numbers)>();
        for (var i = 0; i < findings.Length; i++)
        {
            int[] numbers = [.. context.Claims[i].Citations.Where(n => !IsCopied(n, context.Evidence))];
            findings[i] = Check(numbers, context.Evidence.Count);
            if (findings[i] is null && numbers.Length > 0)
            {
                cited.Add((i, string.Join(", ", numbers.Distinct().Order())));
            }
        }

        if (support is not null)
        {
            foreach (var group in cited.GroupBy(c => c.Numbers, StringComparer.Ordinal))
            {
                int[] claims = [.. group.Select(c => c.Claim)];
                var found = await AskAsync(support, context, claims, group.Key, cancellationToken);
                for (var i = 0; i < claims.Length; i++)
                {
                    findings[claims[i]] = found[i];
                }
            }
        }

        return findings;
    }

    private async Task<VerifierFinding?[]> AskAsync(
        IClaimVerifier verifier, VerificationContext context, int[] claims, string numbers, CancellationToken cancellationToken)
    {
        var found = await verifier.VerifyAsync(
            context with
            {
                Claims = [.. claims.Select(c => context.Claims[c])],
                Evidence = [.. numbers.Split(", ").Select(n => context.Evidence[int.Parse(n, CultureInfo.InvariantCulture) - 1])],
            },
            cancellationToken);
        return found.Count == claims.Length
            ? [.. found.Select(f => f is null ? null : Attribute(f, numbers))]
            : throw new InvalidOperationException($"The verifier {verifier.Name} gave {found.Count} findings for {claims.Length} claims.");
    }

    private VerifierFinding Attribute(VerifierFinding finding, string numbers) => finding with
    {
        Verifier = Name,
        Explanation = finding.Verdict == Verdict.Supported ? finding.Explanation
            : $"The cited evidence [{numbers}] does not say so." + (finding.Explanation is { } why ? " " + why : ""),
    };

    private VerifierFinding? Check(int[] numbers, int count)
    {
        int[] invented = [.. numbers.Where(n => n < 1 || n > count).Distinct()];
        return invented.Length > 0 ? Unverifiable($"It cites [{string.Join(", ", invented)}], which does not exist.")
            : numbers.Length == 0 && RequireCitations ? Unverifiable("It cites no evidence.")
            : null;
    }

    private VerifierFinding Unverifiable(string explanation) => new(Name, Verdict.Unverifiable) { Explanation = explanation };

    /// <summary>Whether a passage holds the marker itself, from where it may have been copied.</summary>
    private static bool IsCopied(int number, IReadOnlyList<Evidence> evidence) =>
        evidence.Any(e => e.Text.Contains(string.Create(CultureInfo.InvariantCulture, $"[{number}]"), StringComparison.Ordinal));
}
