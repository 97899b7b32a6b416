using System.Globalization;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Finds passages in documents held in memory: by terms (BM25) and, with an embedding generator, by meaning, both
/// rankings merged by reciprocal rank fusion, and passages that repeat others put back by maximal marginal relevance.</summary>
/// <remarks>Immutable once created, so safe for concurrent callers as far as the embedding generator is. The generator
/// stays the caller's to dispose.</remarks>
public sealed class InMemoryEvidenceSource : IEvidenceSource
{
    /// <summary>How deep each ranking goes into the fusion.</summary>
    private const int Candidates = 100;

    private readonly Evidence[] _passages;
    private readonly Bm25Index _index;
    private readonly EmbeddingMatrix? _embeddings;
    private readonly double _embeddingWeight;
    private readonly double _minimumRelevance;
    private readonly double _diversity;

    private InMemoryEvidenceSource(Evidence[] passages, List<string>[] terms, EmbeddingMatrix? embeddings, InMemoryEvidenceOptions options)
    {
        _passages = passages;
        _index = new Bm25Index(terms, options.TermSaturation, options.LengthNormalization);
        _embeddings = embeddings;
        _embeddingWeight = options.EmbeddingWeight;
        _minimumRelevance = options.MinimumRelevance;
        _diversity = options.Diversity;
    }

    /// <summary>How many passages the documents were cut into.</summary>
    public int Count => _passages.Length;

    /// <summary>Cuts documents into passages and indexes them.</summary>
    /// <param name="documents">The documents. Their <see cref="Evidence.Source"/> and <see cref="Evidence.Url"/> go to each
    /// of their passages; the passages of a document that is cut are named <c>id#1</c>, <c>id#2</c> and so on. A document
    /// without text is left out.</param>
    /// <param name="embeddingGenerator">Makes the embeddings of passages now and of questions later; null to search by terms
    /// only.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">Two documents have the same id, or a setting is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The embedding generator did not give one vector of the same length for
    /// each passage.</exception>
    public static async Task<InMemoryEvidenceSource> CreateAsync(
        IEnumerable<Evidence> documents,
        IEmbeddingGenerator<string, Embedding<float>>? embeddingGenerator = null,
        InMemoryEvidenceOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        options ??= new InMemoryEvidenceOptions();
        options.Validate();
        var passages = Cut(documents, options);
        var texts = Array.ConvertAll(passages, SearchText);
        var terms = Array.ConvertAll(texts, SearchTerms.Of);
        var embeddings = embeddingGenerator is null
            ? null
            : await EmbeddingMatrix.CreateAsync(texts, embeddingGenerator, cancellationToken);
        return new InMemoryEvidenceSource(passages, terms, embeddings, options);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        if (_passages.Length == 0 || string.IsNullOrWhiteSpace(query.Text))
        {
            return [];
        }

        var terms = SearchTerms.Of(query.Text);
        var depth = Math.Max(Candidates, query.MaxResults);
        List<(IReadOnlyList<int> Items, double Weight)> rankings = [(Ranking(_index.Search(terms, depth)), 1)];
        float[]? embedding = null;
        if (_embeddings is not null)
        {
            embedding = await _embeddings.EmbedAsync(query.Text, cancellationToken);
            rankings.Add((Ranking(_embeddings.Search(embedding, depth)), _embeddingWeight));
        }

        var relevant = ReciprocalRankFusion.Fuse(rankings)
            .Where(hit => Relevance(terms, hit.Item, embedding) >= _minimumRelevance)
            .Take(_diversity > 0 ? depth : query.MaxResults)
            .ToList();
        return
        [
            .. MaximalMarginalRelevance
                .Pick(relevant.ConvertAll(hit => hit.Score), (i, j) => Likeness(relevant[i].Item, relevant[j].Item), _diversity, query.MaxResults)
                .Select(i => _passages[relevant[i].Item] with { Score = relevant[i].Score }),
        ];
    }

    private static int[] Ranking(List<SearchHit> hits) => [.. hits.Select(h => h.Passage)];

    private double Relevance(List<string> terms, int passage, float[]? embedding) => embedding is null
        ? _index.Coverage(terms, passage)
        : (_index.Coverage(terms, passage) + _embeddings!.Cosine(embedding, passage)) / 2;

    /// <summary>How alike two passages are: by their embeddings, or by the terms that they share.</summary>
    private double Likeness(int passage, int other) => _embeddings?.Cosine(passage, other)
        ?? LexicalOverlap(SearchText(_passages[passage]), SearchText(_passages[other]));

    /// <summary>The terms in both texts over those in either (Jaccard).</summary>
    private static double LexicalOverlap(string text, string other)
    {
        var terms = SearchTerms.Of(text).ToHashSet(StringComparer.Ordinal);
        var others = SearchTerms.Of(other).ToHashSet(StringComparer.Ordinal);
        var either = terms.Union(others).Count();
        return either == 0 ? 0 : (double)terms.Intersect(others).Count() / either;
    }

    /// <summary>What of a passage is searched: a title often names what the text only calls "it".</summary>
    private static string SearchText(Evidence passage) => passage.Source is { Length: > 0 } title ? title + "\n" + passage.Text : passage.Text;

    private static Evidence[] Cut(IEnumerable<Evidence> documents, InMemoryEvidenceOptions options)
    {
        var passages = new List<Evidence>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            ArgumentNullException.ThrowIfNull(document, nameof(documents));
            if (!ids.Add(document.Id))
            {
                throw new ArgumentException($"Two documents have the id '{document.Id}': give each document an id of its own.", nameof(documents));
            }

            var parts = PassageChunker.Split(document.Text, options.MaxPassageWords, options.OverlapSentences)
                .ConvertAll(range => document.Text[range].Trim())
                .FindAll(text => text.Length > 0);
            for (var i = 0; i < parts.Count; i++)
            {
                passages.Add(parts.Count == 1
                    ? document with { Text = parts[0] }
                    : document with { Id = document.Id + "#" + (i + 1).ToString(CultureInfo.InvariantCulture), Text = parts[i] });
            }
        }

        return [.. passages];
    }
}
