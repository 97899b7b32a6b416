using System.Buffers;

namespace Microscale.Guard;

/// <summary>An inverted index that ranks by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
/// Beyond", 2009): a passage's score is the sum over the query's distinct terms t of
/// <c>idf(t) · tf·(k1+1) / (tf + k1·(1 − b + b·length/average length))</c> with
/// <c>idf(t) = ln(1 + (N − n + 0.5)/(n + 0.5))</c>, which is never negative.</summary>
/// <remarks>Immutable once built, so safe for concurrent callers. Weights are computed when the index is built: a query
/// only adds them up along its terms' postings.</remarks>
internal sealed class Bm25Index
{
    private readonly Dictionary<string, Posting[]> _postings = new(StringComparer.Ordinal);
    private readonly int _count;

    /// <param name="passages">The terms of each passage, repetitions included.</param>
    /// <param name="k1">How soon repetitions of a term stop counting.</param>
    /// <param name="b">How much a long passage is discounted, from 0 to 1.</param>
    public Bm25Index(IReadOnlyList<IReadOnlyList<string>> passages, double k1, double b)
    {
        _count = passages.Count;
        var average = Math.Max(1, passages.Sum(p => (double)p.Count) / Math.Max(1, _count));
        var frequencies = new Dictionary<string, List<(int Passage, int Frequency)>>(StringComparer.Ordinal);
        for (var i = 0; i < passages.Count; i++)
        {
            foreach (var (term, frequency) in passages[i].CountBy(t => t, StringComparer.Ordinal))
            {
                if (!frequencies.TryGetValue(term, out var list))
                {
                    frequencies[term] = list = [];
                }

                list.Add((i, frequency));
            }
        }

        foreach (var (term, list) in frequencies)
        {
            var idf = InverseFrequency(list.Count);
            _postings[term] =
            [
                .. list.Select(e => new Posting(
                    e.Passage,
                    (float)(idf * e.Frequency * (k1 + 1) / (e.Frequency + (k1 * (1 - b + (b * passages[e.Passage].Count / average))))))),
            ];
        }
    }

    /// <summary>The best passages for a query, best first; ties go to the earlier passage.</summary>
    /// <param name="terms">The terms of the query.</param>
    /// <param name="limit">The most hits wanted.</param>
    public List<SearchHit> Search(IReadOnlyCollection<string> terms, int limit)
    {
        var scores = ArrayPool<float>.Shared.Rent(_count);
        try
        {
            scores.AsSpan(0, _count).Clear();
            foreach (var term in terms.Distinct(StringComparer.Ordinal))
            {
                if (_postings.TryGetValue(term, out var postings))
                {
                    foreach (var posting in postings)
                    {
                        scores[posting.Passage] += posting.Weight;
                    }
                }
            }

            return TopHits.Of(scores.AsSpan(0, _count), limit, above: 0);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    /// <summary>The share of a query's terms that a passage holds, each weighted by its rarity; from 0 to 1. A term that no
    /// passage holds weighs most.</summary>
    public double Coverage(IReadOnlyCollection<string> terms, int passage)
    {
        double held = 0, all = 0;
        foreach (var term in terms.Distinct(StringComparer.Ordinal))
        {
            var postings = _postings.GetValueOrDefault(term, []);
            var weight = InverseFrequency(postings.Length);
            all += weight;
            held += Array.BinarySearch(postings, new Posting(passage, 0)) >= 0 ? weight : 0;
        }

        return all > 0 ? held / all : 0;
    }

    private double InverseFrequency(int passagesWithTerm) => Math.Log(1 + ((_count - passagesWithTerm + 0.5) / (passagesWithTerm + 0.5)));

    /// <summary>A term's weight in a passage. A term's postings are in the order of the passages.</summary>
    private readonly record struct Posting(int Passage, float Weight) : IComparable<Posting>
    {
        public int CompareTo(Posting other) => Passage.CompareTo(other.Passage);
    }
}
