namespace Microscale.Guard;

/// <summary>Cuts evidence to windows that fit an entailment model: for a claim, the sentences of a passage that share most
/// with it, in document order.</summary>
internal sealed class EvidenceWindows
{
    /// <summary>The share of a claim's content words below which a passage, other than the best, is not worth comparing: it
    /// speaks of something else.</summary>
    private const double LeastCoverage = 0.3;

    private readonly List<(Evidence Evidence, Sentence[] Sentences)> _passages = [];
    private readonly Dictionary<string, int> _sentencesWithWord = new(StringComparer.Ordinal);
    private readonly int _sentences;

    /// <summary>Prepares evidence for any number of claims.</summary>
    public EvidenceWindows(IEnumerable<Evidence> evidence)
    {
        foreach (var passage in evidence)
        {
            Sentence[] sentences = [.. SplitSentences(passage.Text)];
            if (sentences.Length == 0)
            {
                continue;
            }

            _passages.Add((passage, sentences));
            _sentences += sentences.Length;
            foreach (var word in sentences.SelectMany(s => s.Words))
            {
                _sentencesWithWord[word] = _sentencesWithWord.GetValueOrDefault(word) + 1;
            }
        }
    }

    /// <summary>Whether the evidence holds no sentence.</summary>
    public bool IsEmpty => _passages.Count == 0;

    /// <summary>The windows that share most with a claim, best first; one a passage, because a second of the same passage has
    /// only the sentences that share less, and misleads more often than it helps.</summary>
    /// <param name="claim">The claim's text.</param>
    /// <param name="maxWords">The most words of a window; one sentence alone may exceed it.</param>
    /// <param name="maxWindows">The most windows.</param>
    public IReadOnlyList<EvidenceWindow> For(string claim, int maxWords, int maxWindows)
    {
        var words = ContentWords.Of(claim);
        var sequence = WordSequence.Of(claim);
        var windows = new List<(EvidenceWindow Window, double Overlap)>();
        foreach (var (evidence, sentences) in _passages)
        {
            var order = Enumerable.Range(0, sentences.Length)
                .Select(i => (Index: i, Overlap: Overlap(words, sentences[i].Words)))
                .OrderByDescending(s => s.Overlap)
                .ToArray();
            var (window, overlap) = Take(evidence, sentences, words, order, maxWords);
            windows.Add((window with { IsVerbatim = sequence.IsNearlyIn(sentences.Select(s => s.Sequence)) }, overlap));
        }

        return [.. windows.OrderByDescending(w => w.Overlap).Take(maxWindows).Where((w, i) => i == 0 || w.Window.Coverage >= LeastCoverage).Select(w => w.Window)];
    }

    private (EvidenceWindow Window, double Overlap) Take(
        Evidence evidence, Sentence[] sentences, HashSet<string> words, (int Index, double Overlap)[] order, int maxWords)
    {
        var chosen = new List<int>();
        var length = 0;
        foreach (var (index, _) in order)
        {
            length += sentences[index].Length;
            if (chosen.Count > 0 && length > maxWords)
            {
                break;
            }

            chosen.Add(index);
        }

        chosen.Sort();
        HashSet<string> shown = [.. chosen.SelectMany(i => sentences[i].Words)];
        var coverage = words.Count == 0 ? 0 : (double)words.Count(shown.Contains) / words.Count;
        return (new EvidenceWindow(evidence.Id, string.Join(' ', chosen.Select(i => sentences[i].Text)), coverage), Overlap(words, shown));
    }

    /// <summary>The shared words, rare ones weighing more (inverse sentence frequency).</summary>
    private double Overlap(HashSet<string> claim, HashSet<string> sentence)
    {
        var sum = 0.0;
        foreach (var word in claim)
        {
            if (sentence.Contains(word))
            {
                sum += Math.Log(1 + ((double)_sentences / _sentencesWithWord[word]));
            }
        }

        return sum;
    }

    private static IEnumerable<Sentence> SplitSentences(string text)
    {
        foreach (var range in Sentences.Split(text, SentenceSegmenter.DefaultMaxLength))
        {
            var sentence = string.Join(' ', text[range].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (sentence.Length > 0)
            {
                yield return new Sentence(sentence, ContentWords.Of(sentence), WordSequence.Of(sentence), sentence.Count(' ') + 1);
            }
        }
    }

    private readonly record struct Sentence(string Text, HashSet<string> Words, WordSequence Sequence, int Length);
}

/// <summary>Part of a passage.</summary>
/// <param name="EvidenceId">The passage's <see cref="Evidence.Id"/>.</param>
/// <param name="Text">The chosen sentences.</param>
/// <param name="Coverage">The share of the claim's content words that they hold, from 0 to 1.</param>
internal readonly record struct EvidenceWindow(string EvidenceId, string Text, double Coverage)
{
    /// <summary>Whether a sentence of the passage has nearly all words of the claim, in its order.</summary>
    public bool IsVerbatim { get; init; }
}
