using System.Globalization;

namespace Microscale.Guard.Evaluation;

/// <summary>Finds pairs of an entity and an attribute in one document. Remembers its names; for one document only.</summary>
internal sealed class EntityAttributes
{
    private static readonly HashSet<string> Pronouns = ["he", "she", "it", "they", "his", "her", "its", "their"];

    /// <summary>The longest name by its last word: what a short form stands for.</summary>
    private readonly Dictionary<string, string> _fullNames = new(StringComparer.Ordinal);

    private string? _subject;

    /// <summary>The different pairs.</summary>
    public IEnumerable<string> Of(string text) =>
        Sentences.Split(text, SentenceSegmenter.DefaultMaxLength).SelectMany(range => OfSentence(text[range])).Distinct();

    private IEnumerable<string> OfSentence(string sentence)
    {
        var (dates, rest) = DateExtractor.Extract(sentence);
        string[] names = [.. NameExtractor.Extract(rest).Where(IsName).Select(FullName)];
        if (SubjectOf(rest, names) is not { } subject)
        {
            return [];
        }

        _subject = subject;
        string[] attributes =
        [
            .. dates.Select(d => KeyOf(d.Readings[0])),
            .. NumberExtractor.Extract(rest).Select(n => n.Key),
            .. names.Where(n => n != subject),
        ];
        if (attributes.Length == 0)
        {
            var own = SearchTerms.Of(subject);
            var words = string.Join(' ', SearchTerms.Of(rest).Except(own).Order(StringComparer.Ordinal));
            attributes = words.Length > 0 ? [words] : [];
        }

        return attributes.Select(a => $"{subject} | {a}");
    }

    private string? SubjectOf(string sentence, string[] names)
    {
        var words = NameExtractor.Words(sentence);
        if (words.Count == 0)
        {
            return null;
        }

        var first = words[0];
        if (Pronouns.Contains(first) && _subject is not null)
        {
            return _subject;
        }

        return names.FirstOrDefault(n => n.Split(' ').Contains(first))
            ?? (FunctionWords.IsStopWord(first) ? names.FirstOrDefault() : _fullNames.GetValueOrDefault(first, first))
            ?? words.FirstOrDefault(w => !FunctionWords.IsStopWord(w));
    }

    /// <summary>Not the letter of a unit.</summary>
    private static bool IsName(NameFact name) => name.Words is not [{ Length: 1 }];

    private string FullName(NameFact name)
    {
        var (key, last) = (string.Join(' ', name.Words), name.Words[^1]);
        if (_fullNames.TryGetValue(last, out var full) && (name.Words.Count == 1 || full == key))
        {
            return full;
        }

        _fullNames[last] = key;
        return key;
    }

    private static string KeyOf(DateParts date) => string.Create(CultureInfo.InvariantCulture, $"{date.Year}-{date.Month}-{date.Day}");
}
