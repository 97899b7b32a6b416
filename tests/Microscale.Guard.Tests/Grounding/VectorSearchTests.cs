using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;

namespace Microscale.Guard.Tests.Grounding;

public class VectorSearchTests
{
    private static readonly Func<Article, Evidence> ToEvidence = a => new Evidence(a.Key, a.Body) { Source = "store" };

    [Fact]
    public async Task FromVectorSearch_Query_IsPassedOnAndRecordsBecomeEvidence()
    {
        var store = new ScriptedStore((new("a", "First."), 0.9), (new("b", "Second."), 0.7));
        var options = new VectorSearchOptions<Article> { ScoreThreshold = 0.5 };

        var found = await Find(EvidenceSource.FromVectorSearch(store, ToEvidence, options));

        Assert.Equal([("a", "First.", 0.9), ("b", "Second.", 0.7)], found.Select(e => (e.Id, e.Text, e.Score!.Value)));
        Assert.All(found, e => Assert.Equal("store", e.Source));
        Assert.Equal(("When did the Fuji erupt?", 3), (store.Value, store.Top));
        Assert.Same(options, store.Options);
    }

    [Fact]
    public async Task FromHybridSearch_Query_GivesItsWordsWithoutFunctionWords()
    {
        var store = new ScriptedStore((new("a", "First."), 2), (new("b", "Second."), null));
        var options = new HybridSearchOptions<Article>();

        var found = await Find(EvidenceSource.FromHybridSearch(store, ToEvidence, options));

        Assert.Equal([2.0, null], found.Select(e => e.Score));
        Assert.Equal(["Fuji", "erupt"], store.Keywords);
        Assert.Equal(("When did the Fuji erupt?", 3), (store.Value, store.Top));
        Assert.Same(options, store.Options);
    }

    [Fact]
    public async Task Scores_ThatRise_AreDistancesAndNotGiven()
    {
        var found = await Find(EvidenceSource.FromVectorSearch(new ScriptedStore((new("a", "First."), 0.1), (new("b", "Second."), 0.4)), ToEvidence));

        Assert.Equal(["a", "b"], found.Select(e => e.Id));
        Assert.All(found, e => Assert.Null(e.Score));
    }

    [Fact]
    public async Task Score_OfTheRecordItself_Wins()
    {
        var found = await Find(EvidenceSource.FromVectorSearch(new ScriptedStore((new("a", "First."), 0.1)), a => ToEvidence(a) with { Score = 5 }));

        Assert.Equal(5, Assert.Single(found).Score);
    }

    [Fact]
    public async Task Store_ThatFails_Fails()
    {
        var source = EvidenceSource.FromVectorSearch(new ScriptedStore { Fails = true }, ToEvidence);

        await Assert.ThrowsAsync<VectorStoreException>(() => Find(source));
    }

    private static async Task<IReadOnlyList<Evidence>> Find(IEvidenceSource source) =>
        await source.FindAsync(new EvidenceQuery("When did the Fuji erupt?", 3), TestContext.Current.CancellationToken);

    private sealed record Article(string Key, string Body);

    private sealed class ScriptedStore(params (Article Record, double? Score)[] hits) : IVectorSearchable<Article>, IKeywordHybridSearchable<Article>
    {
        public bool Fails { get; init; }

        public object? Value { get; private set; }

        public int Top { get; private set; }

        public object? Options { get; private set; }

        public ICollection<string>? Keywords { get; private set; }

        public IAsyncEnumerable<VectorSearchResult<Article>> SearchAsync<TInput>(
            TInput searchValue, int top, VectorSearchOptions<Article>? options = null, CancellationToken cancellationToken = default)
            where TInput : notnull => Answer(searchValue, top, options, cancellationToken);

        public IAsyncEnumerable<VectorSearchResult<Article>> HybridSearchAsync<TInput>(
            TInput searchValue, ICollection<string> keywords, int top, HybridSearchOptions<Article>? options = null, CancellationToken cancellationToken = default)
            where TInput : notnull
        {
            Keywords = keywords;
            return Answer(searchValue, top, options, cancellationToken);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        private async IAsyncEnumerable<VectorSearchResult<Article>> Answer(
            object value, int top, object? options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            (Value, Top, Options) = (value, top, options);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (record, score) in Fails ? throw new VectorStoreException("The store is away.") : hits)
            {
                yield return new VectorSearchResult<Article>(record, score);
            }
        }
    }
}
