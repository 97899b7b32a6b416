using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Finds in a passage what a field can be chosen from.</summary>
internal static partial class EvidenceTermExtractor
{
    public static IEnumerable<string> Extract(Evidence evidence, EvidenceTerms terms) => terms switch
    {
        EvidenceTerms.Names => NameExtractor.Extract(evidence.Text).SelectMany(name => Parts(name.Text)),
        EvidenceTerms.Identifiers => Identifier().Matches(evidence.Text).Select(match => match.Value),
        EvidenceTerms.EvidenceIds => [evidence.Id],
        EvidenceTerms.Sources => evidence.Source is { } source ? [source] : [],
        _ => throw new ArgumentOutOfRangeException(nameof(terms), terms, "Use a value of EvidenceTerms."),
    };

    /// <summary>A name, and where it says of what or of where somebody is, its parts too.</summary>
    private static IEnumerable<string> Parts(string name) => Joint().Split(name) is { Length: > 1 } parts ? [name, .. parts] : [name];

    [GeneratedRegex(@"\s(?:of|for)(?:\sthe)?\s", RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    // Letters and digits, joined by signs as in AB-1002/7; somewhere a digit.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?=[\p{L}\-_./:#]*\p{Nd})[\p{L}\p{Nd}]+(?:[\-_./:#][\p{L}\p{Nd}]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
