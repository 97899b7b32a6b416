using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microscale.Guard.Benchmarks.Quality;

/// <summary>A question with its right answers, and the passage that holds them where there is one.</summary>
/// <param name="Text">The question.</param>
/// <param name="Answers">Answers that are right; none when there is no right one.</param>
/// <param name="Passage">The passage that the question was made for; empty for none.</param>
/// <param name="Title">What the passage is of.</param>
internal sealed partial record QuestionRow(string Text, IReadOnlyList<string> Answers, string Passage, string Title)
{
    /// <summary>An answer of more words is a sentence, which nobody repeats word by word.</summary>
    private const int ShortAnswerWords = 6;

    /// <summary>The share of the words of a long answer that a right answer holds.</summary>
    private const double LongAnswerShare = 0.5;

    public bool IsAnswerable => Answers.Count > 0;

    public static IReadOnlyList<QuestionRow> Read(string path) => [.. File.ReadLines(path).Select(Parse)];

    /// <summary>Whether a text answers the question: it holds a short answer as whole words, or half of the words of a long one, case,
    /// punctuation and articles aside.</summary>
    public bool IsAnsweredBy(string text)
    {
        var words = Words(text);
        var joined = $" {string.Join(' ', words)} ";
        return Answers.Any(a => Words(a) is { Count: > 0 } answer && (answer.Count <= ShortAnswerWords
            ? joined.Contains($" {string.Join(' ', answer)} ", StringComparison.Ordinal)
            : answer.Distinct().Count(words.Contains) >= LongAnswerShare * answer.Distinct().Count()));
    }

    private static List<string> Words(string text) =>
        [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value).Where(w => w is not ("a" or "an" or "the"))];

    private static QuestionRow Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        string Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString()! : "";
        return new QuestionRow(Text("question"), [.. root.GetProperty("answers").EnumerateArray().Select(a => a.GetString()!)], Text("passage"), Text("title"));
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
