using System.Globalization;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Benchmarks.Quality;

/// <summary>Measures how well each scorer tells the local model's right answers from its wrong ones: <c>--confidence file cache-folder
/// questions</c>, where the file holds JSON lines of question and answers. No evidence; the questions are spread evenly.</summary>
internal static class ConfidenceRun
{
    private const int MaxOutputTokens = 32;
    private const int Samples = 5;

    public static async Task<int> RunAsync(string file, string cacheFolder, int count, TextWriter output)
    {
        QuestionRow[] rows = [.. QuestionRow.Read(file).Where(r => r.IsAnswerable)];
        using var model = new CachedChatClient(LocalModels.CreateChatClient(), Path.Combine(cacheFolder, "chat.tsv"));
        using var nli = LocalModels.CreateEntailmentModel();
        using var entailment = new CachedEntailmentModel(nli, Path.Combine(cacheFolder, "entailment.tsv"));
        IConfidenceScorer[] scorers =
        [
            Confidence.TokenProbability(),
            Confidence.TokenProbability(TokenAggregation.Minimum),
            Confidence.Perplexity(),
            Confidence.TokenEntropy(),
            Confidence.TokenMargin(),
            Confidence.SelfCertainty(),
            Confidence.Consistency(Samples),
            Confidence.Consistency(Samples, AnswerSimilarity.Entailment(entailment)),
            Confidence.SemanticEntropy(entailment, Samples),
            Confidence.DegreeMatrix(Samples),
            Confidence.SemanticSets(Samples),
            Confidence.CoCoA(Samples),
            Confidence.PTrue(),
            Confidence.Verbalized(),
        ];

        // One that is always there lets the ensemble go on without those that are not.
        using var client = model.AsBuilder().UseConfidence(
            Confidence.Ensemble([new EnsemblePart(new Always()), .. scorers.Select(s => new EnsemblePart(s) { Optional = true })]),
            o => o.ScorerTimeout = TimeSpan.FromMinutes(10)).Build();
        var found = scorers.ToDictionary(s => s, _ => new List<(double, bool)>());
        var right = 0;
        for (var i = 0; i < count; i++)
        {
            var row = rows[(int)(i * (rows.Length / (double)count))];
            var response = await client.GetResponseAsync(row.Text, new ChatOptions { Temperature = 0, MaxOutputTokens = MaxOutputTokens });
            var isRight = row.IsAnsweredBy(response.Text);
            right += isRight ? 1 : 0;
            foreach (var (scorer, part) in scorers.Zip(response.GetGuardReport()!.Confidence!.Parts.Skip(1)))
            {
                if (part.Value is { } value)
                {
                    found[scorer].Add((value, isRight));
                }
            }
        }

        output.WriteLine($"{right} of {count} answers are right");
        foreach (var (scorer, scored) in found)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scorer.Name}: AUROC {BinaryMetrics.Auroc(scored):0.000} on {scored.Count}"));
        }

        return 0;
    }

    private sealed class Always : IConfidenceScorer
    {
        public string Name => "always";

        public ScorerNeeds Needs => ScorerNeeds.None;

        public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) => new(new ConfidenceScore(Name, 0.5));
    }
}
