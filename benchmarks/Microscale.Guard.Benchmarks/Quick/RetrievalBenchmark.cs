using System.Diagnostics;
using System.Text;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>How long the default in-memory source takes to answer among 100,000 passages, from the words of a question to the
/// passages, its embedding by the local model included; and the same by terms alone. The words of passages follow Zipf's law:
/// common English ones, of which the questions are made, and then invented ones. The passages' embeddings are random, since time
/// does not depend on what they mean.</summary>
internal sealed class RetrievalBenchmark : IQuickBenchmark
{
    private const int Passages = 100_000;
    private const int WordsPerPassage = 60;
    private const int Vocabulary = 50_000;
    private const int Questions = 101;

    private static readonly string[] s_common =
        ("water city river mountain history music language king war science country house island church school family village film "
        + "game law book player team season company road bridge station army ship train engine light energy gold iron stone tree "
        + "flower bird fish horse winter summer night morning market trade money doctor hospital letter number colour paper machine").Split(' ');

    public IReadOnlyList<string> Names { get; } = ["retrieval-100k-ms", "retrieval-100k-terms-ms", "retrieval-embedding-ms"];

    public IReadOnlyList<double> Run()
    {
        var random = new Random(1);
        var documents = Enumerable.Range(0, Passages).Select(i => new Evidence("p" + i, Words(random, WordsPerPassage, Vocabulary))).ToList();
        var questions = Enumerable.Range(0, Questions).Select(_ => Words(random, 8, s_common.Length)).ToList();
        using var model = LocalModels.CreateEmbeddingGenerator();
        using var generator = new RandomThenReal(model, random);
        var hybrid = InMemoryEvidenceSource.CreateAsync(documents, generator).GetAwaiter().GetResult();
        var terms = InMemoryEvidenceSource.CreateAsync(documents).GetAwaiter().GetResult();
        generator.IsReal = true;
        return
        [
            Median(questions, q => hybrid.FindAsync(new EvidenceQuery(q, 4)).AsTask()),
            Median(questions, q => terms.FindAsync(new EvidenceQuery(q, 4)).AsTask()),
            Median(questions, q => model.GenerateAsync([q])),
        ];
    }

    private static double Median(IReadOnlyList<string> questions, Func<string, Task> ask)
    {
        ask(questions[0]).GetAwaiter().GetResult();
        var times = questions.Select(question =>
        {
            var started = Stopwatch.GetTimestamp();
            ask(question).GetAwaiter().GetResult();
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }).Order().ToList();
        return times[times.Count / 2];
    }

    /// <summary>Words whose density falls with their rank.</summary>
    private static string Words(Random random, int count, int vocabulary)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var rank = (int)Math.Pow(vocabulary, random.NextDouble()) - 1;
            text.Append(i == 0 ? "" : " ").Append(rank < s_common.Length ? s_common[rank] : $"word{(char)('a' + (rank % 26))}{rank}");
        }

        return text.Append('.').ToString();
    }

    private sealed class RandomThenReal(IEmbeddingGenerator<string, Embedding<float>> model, Random random) : IEmbeddingGenerator<string, Embedding<float>>
    {
        private const int Dimensions = 384;

        public bool IsReal { get; set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) => IsReal
            ? model.GenerateAsync(values, options, cancellationToken)
            : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(
                Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f).ToArray()))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
