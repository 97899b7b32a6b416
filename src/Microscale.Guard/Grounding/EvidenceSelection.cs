using System.Globalization;

namespace Microscale.Guard;

/// <summary>Makes what a source returns fit for use, whatever it returns.</summary>
internal static class EvidenceSelection
{
    /// <summary>How many entries of a source's list are looked at: a list may claim to be endless.</summary>
    private const int MostEntries = 1000;

    /// <summary>The passages of a list without nulls, blanks and repeated texts.</summary>
    public static IEnumerable<Evidence> Clean(IReadOnlyList<Evidence?> found) => found
        .Take(MostEntries)
        .OfType<Evidence>()
        .Where(e => !string.IsNullOrWhiteSpace(e.Text))
        .DistinctBy(e => e.Text, StringComparer.Ordinal);

    /// <summary>How many entries of a list hold no text: no source should return such.</summary>
    public static int CountBlanks(IReadOnlyList<Evidence?> found) => found.Take(MostEntries).Count(e => string.IsNullOrWhiteSpace(e?.Text));

    /// <summary>The passages to show: clean, within the budget, and with ids that name nothing else in the conversation.</summary>
    /// <param name="found">What the source returned.</param>
    /// <param name="existing">The evidence that is in the conversation already.</param>
    /// <param name="options">The budget.</param>
    public static List<Evidence> Select(IReadOnlyList<Evidence?> found, IReadOnlyList<Evidence> existing, GroundingOptions options)
    {
        var ids = existing.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var selected = new List<Evidence>();
        var left = options.MaxEvidenceTokens;
        foreach (var evidence in Clean(found))
        {
            if (selected.Count == options.MaxEvidence)
            {
                break;
            }

            var text = selected.Count == 0 ? Cut(evidence.Text, left, options.CountTokens) : evidence.Text;
            var tokens = options.CountTokens(text);
            if (tokens <= left)
            {
                left -= tokens;
                selected.Add(evidence with
                {
                    Id = Unique(evidence.Id, ids),
                    Text = text,
                    Score = evidence.Score is { } score && double.IsFinite(score) ? score : null,
                    Provenance = EvidenceProvenance.Retrieved,
                });
            }
        }

        return selected;
    }

    /// <summary>The whole sentences of a text that fit, or its first characters when not even one does.</summary>
    private static string Cut(string text, int tokens, Func<string, int> countTokens)
    {
        if (countTokens(text) <= tokens)
        {
            return text;
        }

        List<int> ends = [.. Sentences.Split(text).Select(s => s.End.Value)];
        var fitting = LastThat(ends.Count, i => countTokens(text[..ends[i]]) <= tokens);
        var end = fitting >= 0 ? ends[fitting] : LastThat(text.Length + 1, i => countTokens(text[..i]) <= tokens);
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)].TrimEnd();
    }

    /// <summary>The last number below a count for which something holds that, once it fails, fails on; -1 for none.</summary>
    private static int LastThat(int count, Func<int, bool> holds)
    {
        var (low, high) = (-1, count);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static string Unique(string? id, HashSet<string> ids)
    {
        id = string.IsNullOrWhiteSpace(id) ? "passage" : id;
        var unique = id;
        for (var i = 2; !ids.Add(unique); i++)
        {
            unique = id + "-" + i.ToString(CultureInfo.InvariantCulture);
        }

        return unique;
    }
}
