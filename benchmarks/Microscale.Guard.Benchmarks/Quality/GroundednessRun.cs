using System.Globalization;
using System.Text.Json;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quality;

/// <summary>Measures the shipped verification, and parts of it, on sets of answers with a passage and a label:
/// <c>--groundedness folder cache-file</c>, where the folder holds JSON lines of premise, claim and supported.</summary>
/// <remarks>An answer's score is the least support of its claims; 0 when there is no claim and, with the veto of
/// <see cref="FactsVerifier"/>, when a claim names a fact that is not in the passage.</remarks>
internal static class GroundednessRun
{
    public static async Task<int> RunAsync(string folder, string cachePath, TextWriter output)
    {
        using var local = new OnnxEntailmentModel(ModelFolders.Entailment);
        using var model = new CachedEntailmentModel(local, cachePath);
        (string Name, Func<Row, Task<double>> Score)[] variants =
        [
            ("shipped", r => ScoreAsync(r, model, Split, withVeto: false)),
            ("with-facts-veto", r => ScoreAsync(r, model, Split, withVeto: true)),
            ("whole-answers", r => ScoreAsync(r, model, a => [new Claim(a, 0, a.Length)], withVeto: false)),
            ("entailment-alone", r => EntailmentAsync(r, model)),
        ];
        foreach (var path in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            Row[] rows = [.. File.ReadLines(path).Select(Parse)];
            foreach (var (name, score) in variants)
            {
                var scored = new List<(double, bool)>();
                foreach (var row in rows)
                {
                    scored.Add((await score(row), row.IsSupported));
                }

                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.GetFileNameWithoutExtension(path)} {name}: AUROC {BinaryMetrics.Auroc(scored):0.000}, balanced accuracy with fitted threshold {BinaryMetrics.CrossFitted(scored):0.000}, at 0.5 {BinaryMetrics.BalancedAccuracy(scored, 0.5):0.000}"));
            }
        }

        return 0;
    }

    private static IReadOnlyList<Claim> Split(string answer) => ClaimSplitter.Split(answer, "");

    private static async Task<double> ScoreAsync(Row row, IEntailmentModel model, Func<string, IReadOnlyList<Claim>> split, bool withVeto)
    {
        var claims = split(row.Answer);
        if (claims.Count == 0)
        {
            return 0;
        }

        // At 1 no claim counts as contradicted, so that every score is a support.
        var context = new VerificationContext(claims, [new Evidence("passage", row.Passage)], "");
        var verifier = new EntailmentVerifier(model, new EntailmentVerifierOptions { ContradictionThreshold = 1, MaxClaimLength = 2000 });
        var found = await verifier.VerifyAsync(context);
        return withVeto && (await new FactsVerifier().VerifyAsync(context)).Any(f => f is not null) ? 0 : found.Min(f => f!.Score ?? 0);
    }

    /// <summary>The model's entailment of each claim by its window, the least of them: no contradiction, no rule.</summary>
    private static async Task<double> EntailmentAsync(Row row, IEntailmentModel model)
    {
        var windows = new EvidenceWindows([new Evidence("passage", row.Passage)]);
        EntailmentPair[] pairs = [.. Split(row.Answer).Select(c => new EntailmentPair(windows.For(c.Text, 150, 1)[0].Text, c.Text))];
        return pairs.Length == 0 ? 0 : (await model.ClassifyAsync(pairs)).Min(s => s.Entailment);
    }

    private static Row Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return new Row(root.GetProperty("premise").GetString()!, root.GetProperty("claim").GetString()!, root.GetProperty("supported").GetBoolean());
    }

    private sealed record Row(string Passage, string Answer, bool IsSupported);
}
