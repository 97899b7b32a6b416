using System.Globalization;

namespace Microscale.Guard;

/// <summary>What a source returned, made fit for use, whatever it was.</summary>
/// <param name="Passages">The passages to show.</param>
/// <param name="Blanks">How many entries held no text: no source should return such.</param>
internal sealed record EvidenceSelection(IReadOnlyList<Evidence> Passages, int Blanks)
{
    /// <summary>How many entries of a source's list are looked at: a list may claim to be endless.</summary>
    private const int MostEntries = 1000;

    /// <summary>The passages of a list without nulls, blanks and repeated texts.</summary>
    public static IEnumerable<Evidence> Clean(IReadOnlyList<Evidence?> found) => found
        .Take(MostEntries)
        .OfType<Evidence>()
        .Where(e => !string.IsNullOrWhiteSpace(e.Text))
        .DistinctBy(e => e.Text, StringComparer.Ordinal);

    /// <summary>The passages to show: clean, within the budget, and with ids that name nothing else in the conversation.</summary>
    /// <param name="found">What the source returned.</param>
    /// <param name="existing">The evidence that is in the conversation already.</param>
    /// <param name="options">The budget.</param>
    public static EvidenceSelection Select(IReadOnlyList<Evidence?> found, IReadOnlyList<Evidence> existing, GroundingOptions options)
    {
        var entries = Math.Min(found.Count, MostEntries);
        var selected = new List<Evidence>(Math.Min(entries, options.MaxEvidence));
        var left = options.MaxEvidenceTokens;
        var blanks = 0;
        for (var i = 0; i < entries; i++)
        {
            var evidence = found[i];
            if (evidence is null || string.IsNullOrWhiteSpace(evidence.Text))
            {
                blanks++;
                continue;
            }

            // What was found twice is the same text; where the first was cut, there is no room for more of it.
            if (selected.Count == options.MaxEvidence || Holds(selected, evidence.Text, static e => e.Text))
            {
                continue;
            }

            var text = selected.Count == 0 ? Cut(evidence.Text, left, options.CountTokens) : evidence.Text;
            var tokens = options.CountTokens(text);
            if (tokens <= left)
            {
                left -= tokens;
                selected.Add(Shown(evidence, Unique(evidence.Id, existing, selected), text));
            }
        }

        return new(selected, blanks);
    }

    private static Evidence Shown(Evidence evidence, string id, string text)
    {
        double? score = evidence.Score is { } value && double.IsFinite(value) ? value : null;
        var shown = (id, text, score, EvidenceProvenance.Retrieved);
        return shown == (evidence.Id, evidence.Text, evidence.Score, evidence.Provenance)
            ? evidence
            : evidence with { Id = id, Text = text, Score = score, Provenance = EvidenceProvenance.Retrieved };
    }

    private static bool Holds(IReadOnlyList<Evidence> list, string value, Func<Evidence, string> of)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (of(list[i]) == value)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The whole sentences of a text that fit, or its first characters when not even one does.</summary>
    private static string Cut(string text, int tokens, Func<string, int> countTokens) =>
        countTokens(text) <= tokens ? text : Shorten(text, tokens, countTokens);

    private static string Shorten(string text, int tokens, Func<string, int> countTokens)
    {
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

    private static string Unique(string? id, IReadOnlyList<Evidence> existing, IReadOnlyList<Evidence> selected)
    {
        id = string.IsNullOrWhiteSpace(id) ? "passage" : id;
        var unique = id;
        for (var i = 2; Holds(existing, unique, static e => e.Id) || Holds(selected, unique, static e => e.Id); i++)
        {
            unique = id + "-" + i.ToString(CultureInfo.InvariantCulture);
        }

        return unique;
    }
}
