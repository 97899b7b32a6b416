using System.Diagnostics;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>An answer of ten sentences against five passages of some 150 words: the verifier as shipped, and the naive loop that
/// runs the model on every sentence with every whole passage, one by one, and decides by the same rule. Fails when a verdict
/// differs.</summary>
internal sealed class EntailmentAnswerBenchmark : IQuickBenchmark
{
    private const int Rounds = 3;

    public IReadOnlyList<string> Names { get; } = ["entailment-answer-speedup", "entailment-answer-ms", "entailment-answer-supported"];

    public IReadOnlyList<double> Run()
    {
        Evidence[] evidence = [.. EntailmentAnswerTexts.Passages.Select((p, i) => new Evidence($"p{i}", p))];
        Claim[] claims = [.. EntailmentAnswerTexts.Sentences.Select(s => new Claim(s, 0, s.Length))];
        var (ours, naive) = (double.MaxValue, double.MaxValue);
        var supported = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // A new model remembers no pair.
            using var model = new OnnxEntailmentModel(ModelFolders.Entailment, new OnnxEncoderOptions { ThreadCount = Math.Min(2, Environment.ProcessorCount) });
            model.ClassifyAsync([new EntailmentPair("It is warm.", "It is warm.")]).AsTask().GetAwaiter().GetResult();
            var start = Stopwatch.GetTimestamp();
            var found = new EntailmentVerifier(model).VerifyAsync(new VerificationContext(claims, evidence, "")).AsTask().GetAwaiter().GetResult();
            ours = Math.Min(ours, Stopwatch.GetElapsedTime(start).TotalMilliseconds);

            using var other = new OnnxEntailmentModel(ModelFolders.Entailment, new OnnxEncoderOptions { ThreadCount = Math.Min(2, Environment.ProcessorCount) });
            other.ClassifyAsync([new EntailmentPair("It is warm.", "It is warm.")]).AsTask().GetAwaiter().GetResult();
            start = Stopwatch.GetTimestamp();
            var expected = Naive(other, claims, evidence);
            naive = Math.Min(naive, Stopwatch.GetElapsedTime(start).TotalMilliseconds);

            for (var i = 0; i < claims.Length; i++)
            {
                if (found[i]!.Verdict != expected[i])
                {
                    throw new InvalidOperationException($"\"{claims[i].Text}\" is {found[i]!.Verdict}, and {expected[i]} by the naive loop.");
                }
            }

            supported = expected.Count(v => v == Verdict.Supported);
        }

        return [naive / ours, ours, supported];
    }

    private static Verdict[] Naive(OnnxEntailmentModel model, Claim[] claims, Evidence[] evidence)
    {
        var options = new EntailmentVerifierOptions();
        var facts = new EvidenceFacts(evidence);
        var verdicts = new Verdict[claims.Length];
        for (var c = 0; c < claims.Length; c++)
        {
            EvidenceWindow[] windows = [.. evidence.Select(e => new EvidenceWindows([e]).For(claims[c].Text, 1000, 1)[0])];
            var judgement = new WindowJudgement(claims[c].Text, windows, facts.MissingOf(claims[c].Text), options);
            foreach (var window in windows)
            {
                judgement.Add(model.ClassifyAsync([new EntailmentPair(window.Text, claims[c].Text)]).AsTask().GetAwaiter().GetResult()[0]);
            }

            verdicts[c] = judgement.ToFinding("naive").Verdict;
        }

        return verdicts;
    }
}
