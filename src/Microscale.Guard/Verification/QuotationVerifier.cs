using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Checks that what a claim quotes stands in the evidence word for word.</summary>
/// <remarks>
/// A quotation is two or more words between quotation marks of any usual kind. It must occur in one passage, up to
/// typography: without regard to case, punctuation, white space and the shape of apostrophes. What is left out ("…", "[…]")
/// or put in by an editor ("[he]") stands for any words. A quotation that is not there makes the claim Unverifiable, with an
/// explanation; that all are there proves nothing of the rest, so the verifier then has no opinion, as on claims that quote
/// nothing and when there is no evidence. Safe for concurrent callers.
/// </remarks>
public sealed partial class QuotationVerifier : IClaimVerifier
{
    private const int LongestShown = 60;

    /// <inheritdoc/>
    public string Name => "quotation";

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.Rule;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var findings = new VerifierFinding?[context.Claims.Count];
        if (context.Evidence.Count > 0)
        {
            var passages = new Lazy<string[][]>(() => [.. context.Evidence.Select(e => Words(e.Text))]);
            for (var i = 0; i < findings.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                findings[i] = Judge(context.Claims[i].Text, passages);
            }
        }

        return new(findings);
    }

    private VerifierFinding? Judge(string claim, Lazy<string[][]> passages)
    {
        foreach (Match match in Quotation().Matches(claim))
        {
            var quotation = match.Groups["text"].Value;
            string[][] parts = [.. Omission().Split(quotation).Select(Words).Where(p => p.Length > 0)];
            if (parts.Sum(p => p.Length) >= 2 && !passages.Value.Any(p => Holds(p, parts)))
            {
                var shown = quotation.Length <= LongestShown ? quotation : string.Concat(quotation.AsSpan(0, LongestShown - 1).TrimEnd(), "…");
                return new VerifierFinding(Name, Verdict.Unverifiable) { Explanation = $"The quotation \"{shown}\" is not in the evidence." };
            }
        }

        return null;
    }

    /// <summary>Whether the parts occur one after another.</summary>
    private static bool Holds(string[] passage, string[][] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            while (from + part.Length <= passage.Length && !passage.AsSpan(from, part.Length).SequenceEqual(part))
            {
                from++;
            }

            if (from + part.Length > passage.Length)
            {
                return false;
            }

            from += part.Length;
        }

        return true;
    }

    private static string[] Words(string text) => [.. Word().Matches(text).Select(m => m.Value.Replace('’', '\'').ToLowerInvariant())];

    [GeneratedRegex("[\"“”„«](?<text>[^\"“”„«»]{3,})[\"“”»]|[「『](?<text>[^「」『』]{2,})[」』]", RegexOptions.CultureInvariant)]
    private static partial Regex Quotation();

    [GeneratedRegex(@"…|\.{3,}|\[[^\[\]]{0,40}\]", RegexOptions.CultureInvariant)]
    private static partial Regex Omission();

    // Scripts without blanks are compared by character.
    [GeneratedRegex(@"\p{Lo}|(?:(?!\p{Lo})[\p{L}\p{N}])[\p{M}\p{N}\p{Ll}\p{Lu}\p{Lt}\p{Lm}]*(?:['’]\p{L}+)*|[%$€£¥]", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
