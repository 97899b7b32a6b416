namespace Microscale.Guard;

/// <summary>Cuts evidence to windows that fit an entailment model: for a claim, the sentences of a passage that share most
/// with it, in document order.</summary>
internal sealed class EvidenceWindows
{
    /// <summary>The share of a claim's content words below which a passage, other than the best, is not worth comparing: it
    /// speaks of something else.</summary>
    private const double LeastCoverage = 0.3;

    /// <summary>The words from which on a window of a passage other than the best has no sentence that shares nothing with the
    /// claim.</summary>
    private const int SideWords = 40;

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
    /// only the sentences that share less, and misleads more often than it helps. That of the best passage is as long as can be, for
    /// what the sentences refer to; others are there for support that it lacks and for contradiction, and are shorter.</summary>
    /// <param name="claim">The claim's text.</param>
    /// <param name="maxWords">The most words of a window; one sentence alone may exceed it.</param>
    /// <param name="maxWindows">The most windows.</param>
    public IReadOnlyList<EvidenceWindow> For(string claim, int maxWords, int maxWindows)
    {
        var words = ContentWords.Of(claim);
        var sequence = WordSequence.Of(claim);
        var best = _passages
            .Select(p => (Passage: p, Order: Order(words, p.Sentences)))
            .Select(p => (p.Passage, p.Order, Shown: Take(p.Passage.Sentences, p.Order, maxWords, maxWords)))
            .Select(p => (p.Passage, p.Order, p.Shown, Words: p.Shown.SelectMany(i => p.Passage.Sentences[i].Words).ToHashSet(StringComparer.Ordinal)))
            .OrderByDescending(p => Overlap(words, p.Words))
            .Take(maxWindows);
        var windows = new List<EvidenceWindow>();
        foreach (var (passage, order, whole, shown) in best)
        {
            var coverage = words.Count == 0 ? 0 : (double)words.Count(shown.Contains) / words.Count;
            if (windows.Count > 0 && coverage < LeastCoverage)
            {
                continue;
            }

            // The sentences that are left out share no word, so that the coverage is the same.
            var chosen = windows.Count == 0 ? whole : Take(passage.Sentences, order, maxWords, SideWords);
            windows.Add(new EvidenceWindow(passage.Evidence.Id, string.Join(' ', chosen.Select(i => passage.Sentences[i].Text)), coverage)
            {
                IsVerbatim = sequence.IsNearlyIn(passage.Sentences.Select(s => s.Sequence)),
            });
        }

        return windows;
    }

    /// <summary>The sentences by what they share with the claim, most first.</summary>
    private (int Index, double Overlap)[] Order(HashSet<string> words, Sentence[] sentences) =>
        [.. sentences.Select((s, i) => (Index: i, Overlap: Overlap(words, s.Words))).OrderByDescending(s => s.Overlap)];

    /// <summary>The first sentences of an order, back in document order.</summary>
    /// <param name="sentences">The sentences of a passage.</param>
    /// <param name="order">Their order.</param>
    /// <param name="maxWords">The most words.</param>
    /// <param name="fillWords">The words from which on no sentence is taken that shares nothing with the claim.</param>
    private static List<int> Take(Sentence[] sentences, (int Index, double Overlap)[] order, int maxWords, int fillWords)
    {
        var chosen = new List<int>();
        var length = 0;
        foreach (var (index, overlap) in order)
        {
            var longer = length + sentences[index].Length;
            if (chosen.Count > 0 && (longer > maxWords || (overlap == 0 && length >= fillWords)))
            {
                break;
            }

            length = longer;
            chosen.Add(index);
        }

        chosen.Sort();
        return chosen;
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
