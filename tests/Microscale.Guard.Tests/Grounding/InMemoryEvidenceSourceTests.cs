using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding;

public class InMemoryEvidenceSourceTests
{
    private static readonly Evidence[] Documents =
    [
        new("fuji", "The volcano is 3,776 metres high and last erupted in 1707.") { Source = "Mount Fuji", Url = new Uri("https://example.org/fuji") },
        new("elbrus", "Elbrus is the highest mountain of Europe.") { Source = "Mount Elbrus" },
        new("tea", "Green tea is made of leaves that were not oxidised.") { Source = "Tea" },
    ];

    [Fact]
    public async Task Find_ByTermsOfTextAndTitle_IsTheBestPassage()
    {
        var source = await InMemoryEvidenceSource.CreateAsync(Documents);

        var found = await Find(source, "When did Mount Fuji erupt last?");

        Assert.Equal("fuji", found[0].Id);
        Assert.Equal((Documents[0].Text, Documents[0].Source, Documents[0].Url), (found[0].Text, found[0].Source, found[0].Url));
        Assert.Equal(1, found[0].Score);
        Assert.Equal(EvidenceProvenance.Retrieved, found[0].Provenance);
    }

    [Theory]
    [InlineData("Who won the football cup in Brazil?")]
    [InlineData("the of and")]
    [InlineData("?!")]
    [InlineData(" ")]
    public async Task Find_NothingRelevant_IsEmpty(string question) =>
        Assert.Empty(await Find(await InMemoryEvidenceSource.CreateAsync(Documents, new TopicEmbeddings()), question));

    [Fact]
    public async Task Find_BelowTheMinimumRelevance_IsLeftOut()
    {
        // One term of the question, a common one, is in the passage.
        const string Question = "Which mount did Hannibal cross with elephants?";

        Assert.Empty(await Find(await InMemoryEvidenceSource.CreateAsync(Documents), Question));
        var source = await InMemoryEvidenceSource.CreateAsync(Documents, options: new InMemoryEvidenceOptions { MinimumRelevance = 0 });
        Assert.Equal(["elbrus", "fuji"], (await Find(source, Question)).Select(e => e.Id).Order());
    }

    [Fact]
    public async Task Find_WithEmbeddings_FindsWhatSharesNoWord()
    {
        const string Question = "Any hot drink?";

        Assert.Empty(await Find(await InMemoryEvidenceSource.CreateAsync(Documents), Question));
        Assert.Equal("tea", Assert.Single(await Find(await InMemoryEvidenceSource.CreateAsync(Documents, new TopicEmbeddings()), Question)).Id);
    }

    [Fact]
    public async Task Find_MaxResults_AreNotExceeded()
    {
        var source = await InMemoryEvidenceSource.CreateAsync(Documents, options: new InMemoryEvidenceOptions { MinimumRelevance = 0 });

        Assert.Single(await source.FindAsync(new EvidenceQuery("Mount Fuji or Mount Elbrus?", 1), TestContext.Current.CancellationToken));
        Assert.Equal(2, (await source.FindAsync(new EvidenceQuery("Mount Fuji or Mount Elbrus?", 9), TestContext.Current.CancellationToken)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_WithDiversity_PutsARepetitionBack(bool embeddings)
    {
        Evidence[] documents =
        [
            new("a", "Mount Fuji erupted last in 1707."),
            new("again", "Mount Fuji erupted last in 1707!"),
            new("other", "Before Fuji, tea was drunk: the mount was thought holy."),
        ];
        var generator = embeddings ? new TopicEmbeddings() : null;

        async Task<IEnumerable<string>> Ids(double diversity)
        {
            var source = await InMemoryEvidenceSource.CreateAsync(documents, generator, new() { MinimumRelevance = 0, Diversity = diversity });
            return (await source.FindAsync(new EvidenceQuery("When did Mount Fuji erupt last?", 2), TestContext.Current.CancellationToken)).Select(e => e.Id);
        }

        Assert.Equal(["a", "again"], await Ids(0));
        Assert.Equal(["a", "other"], await Ids(0.7));
    }

    [Fact]
    public async Task Create_LongDocument_IsCutIntoNamedPassages()
    {
        var text = string.Concat(Enumerable.Range(1, 30).Select(i => $"Sentence number {i} is here. "));
        var source = await InMemoryEvidenceSource.CreateAsync(
            [Documents[0] with { Id = "long", Text = text }, Documents[1]],
            options: new InMemoryEvidenceOptions { MaxPassageWords = 20, OverlapSentences = 0, MinimumRelevance = 0 });

        var found = await source.FindAsync(new EvidenceQuery("sentence", 100), TestContext.Current.CancellationToken);

        Assert.Equal(9, source.Count);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => "long#" + i), found.Select(e => e.Id).Order(StringComparer.Ordinal));
        Assert.All(found, e => Assert.Equal((Documents[0].Source, Documents[0].Url), (e.Source, e.Url)));
        Assert.Equal(text.TrimEnd(), string.Join(' ', found.OrderBy(e => e.Id, StringComparer.Ordinal).Select(e => e.Text)));
    }

    [Fact]
    public async Task Create_NoDocumentsOrBlankOnes_FindsNothing()
    {
        Assert.Empty(await Find(await InMemoryEvidenceSource.CreateAsync([]), "Mount Fuji?"));
        Assert.Empty(await Find(await InMemoryEvidenceSource.CreateAsync([new Evidence("blank", " ")], new TopicEmbeddings()), "Mount Fuji?"));
    }

    [Fact]
    public async Task Create_RepeatedId_SaysWhich()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => InMemoryEvidenceSource.CreateAsync([Documents[0], Documents[0]]));

        Assert.Contains("'fuji'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OptionsOutOfRange_NameTheSetting()
    {
        async Task Rejects(string setting, InMemoryEvidenceOptions options)
        {
            var exception = await Assert.ThrowsAsync<ArgumentException>(() => InMemoryEvidenceSource.CreateAsync(Documents, options: options));
            Assert.Contains($"InMemoryEvidenceOptions.{setting} ", exception.Message, StringComparison.Ordinal);
        }

        await Rejects("MaxPassageWords", new() { MaxPassageWords = 9 });
        await Rejects("OverlapSentences", new() { OverlapSentences = -1 });
        await Rejects("MinimumRelevance", new() { MinimumRelevance = double.NaN });
        await Rejects("TermSaturation", new() { TermSaturation = -1 });
        await Rejects("LengthNormalization", new() { LengthNormalization = 1.1 });
        await Rejects("Diversity", new() { Diversity = -0.1 });
        await Rejects("EmbeddingWeight", new() { EmbeddingWeight = double.PositiveInfinity });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Create_GeneratorGivesAnotherNumberOfVectors_Fails(int vectors) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => InMemoryEvidenceSource.CreateAsync(Documents, new TopicEmbeddings { Vectors = vectors }));

    [Fact]
    public async Task Create_GeneratorGivesVectorsOfDifferentLengths_Fails() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => InMemoryEvidenceSource.CreateAsync(Documents, new TopicEmbeddings { Ragged = true }));

    [Fact]
    public async Task Find_ConcurrentCallers_AllGetTheSame()
    {
        var source = await InMemoryEvidenceSource.CreateAsync(Documents, new TopicEmbeddings());

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Find(source, i % 2 == 0 ? "How high is Mount Fuji?" : "Is tea green?"))));

        Assert.All(all.Index(), e => Assert.Equal(e.Index % 2 == 0 ? "fuji" : "tea", e.Item[0].Id));
    }

    [Fact]
    public async Task Fuse_SeveralSources_MergesByRankAndText()
    {
        var a = EvidenceSource.FromDelegate((_, _) => ValueTask.FromResult<IReadOnlyList<Evidence>>([Documents[0], Documents[1]]));
        var b = EvidenceSource.FromDelegate((_, _) => ValueTask.FromResult<IReadOnlyList<Evidence>>([Documents[2], null!, Documents[1] with { Id = "other" }]));

        var found = await EvidenceSource.Fuse(a, b).FindAsync(new EvidenceQuery("q", 2), TestContext.Current.CancellationToken);

        Assert.Equal(["elbrus", "fuji"], found.Select(e => e.Id));
        Assert.Equal(61 / 62.0, found[0].Score!.Value, 1e-12);
    }

    [Fact]
    public async Task Fuse_OneSourceFails_Fails()
    {
        var good = EvidenceSource.FromDelegate((_, _) => ValueTask.FromResult<IReadOnlyList<Evidence>>(Documents));
        var bad = EvidenceSource.FromDelegate((_, _) => throw new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => Find(EvidenceSource.Fuse(good, bad), "q"));
        Assert.Throws<ArgumentException>(() => EvidenceSource.Fuse());
        Assert.Throws<ArgumentException>(() => EvidenceSource.Fuse(good, null!));
    }

    private static async Task<IReadOnlyList<Evidence>> Find(IEvidenceSource source, string question) =>
        await source.FindAsync(new EvidenceQuery(question, 4), TestContext.Current.CancellationToken);

    /// <summary>Embeddings of three topics: mountains, drinks, and nothing.</summary>
    private sealed class TopicEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
    {
        public int? Vectors { get; init; }

        public bool Ragged { get; init; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var embeddings = values.Select(Embed);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(Vectors is { } n ? embeddings.Take(n) : embeddings));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private Embedding<float> Embed(string text, int index)
        {
            float Has(params string[] words) => words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase)) ? 3 : 0;
            return new(Ragged && index == 1 ? new float[2] : [Has("mount", "volcano"), Has("tea", "drink"), 0]);
        }
    }
}
