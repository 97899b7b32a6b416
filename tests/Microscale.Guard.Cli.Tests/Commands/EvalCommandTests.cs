using System.Diagnostics;
using System.Text.Json;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed class EvalCommandTests
{
    private static readonly string s_data = Path.Combine(AppContext.BaseDirectory, "data");

    [Fact]
    public async Task Eval_Groundedness_PrintsTheFiguresByName()
    {
        var run = await Tool.RunAsync("eval", "--kind", "groundedness", "--data", Data("groundedness-begin-wow.jsonl"), "--limit", "60", "--json");

        Assert.Equal((ExitCodes.Success, ""), (run.Code, run.Error));
        var result = JsonElement.Parse(run.Output);
        Assert.Equal(60, result.GetProperty("n").GetInt32());
        Assert.InRange(result.GetProperty("balancedAccuracy").GetDouble(), 0.7, 1);
        Assert.InRange(result.GetProperty("auroc").GetDouble(), 0.8, 1);
        Assert.All(
            (string[])["seconds", "accuracy", "coverage", "selectiveRisk", "aurc", "eAurc", "ece", "brier"],
            name => Assert.Equal(JsonValueKind.Number, result.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task Eval_Schemas_PrintsTheirCounts()
    {
        var run = await Tool.RunAsync("eval", "--kind", "json-schema", "--data", Data("json-schema.jsonl"), "--json");

        Assert.Equal(ExitCodes.Success, run.Code);
        var result = JsonElement.Parse(run.Output);
        Assert.Equal((6, 6, 0), (Count("n"), Count("compiled"), Count("wrong")));
        Assert.Equal(21, Count("validAccepted") + Count("invalidRejected"));

        int Count(string name) => result.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Eval_Entailment_PrintsAccuracyOverLabels()
    {
        var run = await Tool.RunAsync("eval", "--kind", "nli", "--data", Data("nli.csv"), "--json");

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.InRange(JsonElement.Parse(run.Output).GetProperty("accuracy").GetDouble(), 0.4, 1);
    }

    [Fact]
    public async Task Eval_QuestionsBareAndGuarded_AreSideBySide()
    {
        using var folder = new TemporaryFolder();
        var strict = folder.Write("strict.json", """{"Scorer":{"Kind":"token-probability"},"Request":{"Temperature":0},"Guard":{"AbstainBelow":0.9}}""");

        var run = await Tool.RunAsync(
            "eval", "--kind", "qa", "--data", Data("qa.csv"), "--limit", "8", "--max-tokens", "16", "--concurrency", "4", "--pipeline", "bare", strict, "--json");

        Assert.Equal(ExitCodes.Success, run.Code);
        var (bare, guarded) = (JsonElement.Parse(run.Output), JsonElement.Parse(run.Output).GetProperty("pipelines")[1]);
        Assert.Equal(("bare", "strict"), (bare.GetProperty("pipeline").GetString(), guarded.GetProperty("pipeline").GetString()));
        Assert.True(guarded.GetProperty("coverage").GetDouble() < bare.GetProperty("coverage").GetDouble());

        // The same model gives the same drafts, whatever becomes of them.
        Assert.Equal(bare.GetProperty("aurc").GetDouble(), guarded.GetProperty("aurc").GetDouble(), 6);
    }

    [Fact]
    public async Task Eval_Passages_AnswersFromThem()
    {
        var run = await Tool.RunAsync("eval", "--kind", "rag", "--data", Data("rag-clapnq.jsonl"), "--limit", "2", "--max-tokens", "24");

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains("quoted", run.Output, StringComparison.Ordinal);
        Assert.Contains("coverage", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_ProcessKilledInTheMiddle_ResumesAndEndsWithTheSameFigures()
    {
        using var folder = new TemporaryFolder();
        var journal = Path.Combine(folder.Path, "run.jsonl");
        string[] args = ["eval", "--kind", "groundedness", "--data", Data("groundedness-begin-wow.jsonl"), "--limit", "50", "--json"];
        using (var process = Start([.. args, "--journal", journal]))
        {
            while (!process.HasExited && Lines(journal) < 12)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var kept = Lines(journal);
        var resumed = await Tool.RunAsync([.. args, "--journal", journal]);
        var whole = await Tool.RunAsync(args);

        Assert.InRange(kept, 12, 51);
        Assert.Equal(ExitCodes.Success, resumed.Code);
        Assert.Equal(51, Lines(journal)); // one line says what is measured
        Assert.Equal(WithoutSeconds(whole.Output), WithoutSeconds(resumed.Output));
    }

    [Theory]
    [InlineData("eval", "--kind", "groundedness")]
    [InlineData("eval", "--kind", "poetry", "--data", "x.jsonl")]
    [InlineData("eval", "--kind", "qa", "--data", "/no/such/file.jsonl")]
    [InlineData("eval", "--kind", "groundedness", "--data", "{data}/qa.csv")]
    [InlineData("eval", "--kind", "groundedness", "--data", "{data}/groundedness-begin-wow.jsonl", "--pipeline", "bare")]
    [InlineData("eval", "--kind", "nli", "--data", "{data}/nli.csv", "--pipeline", "bare")]
    [InlineData("eval", "--kind", "nli", "--data", "{data}/nli.csv", "--limit", "0")]
    [InlineData("eval", "--kind", "nli", "--data", "{data}/nli.csv", "--field", "premise")]
    [InlineData("report", "/no/such/journal.jsonl")]
    [InlineData("calibrate", "--output", "x.json")]
    public async Task Eval_WrongInput_SaysWhatToChange(params string[] args)
    {
        var run = await Tool.RunAsync([.. args.Select(a => a.Replace("{data}", s_data, StringComparison.Ordinal))]);

        Assert.Equal((ExitCodes.BadInput, ""), (run.Code, run.Output));
        Assert.StartsWith("error: ", run.Error);
    }

    [Fact]
    public async Task ReportAndCalibrate_FromAJournal_WriteTheirFiles()
    {
        using var folder = new TemporaryFolder();
        var (journal, html, artefact) = (Path.Combine(folder.Path, "run.jsonl"), Path.Combine(folder.Path, "r.html"), Path.Combine(folder.Path, "c.json"));
        await Tool.RunAsync("eval", "--kind", "groundedness", "--data", Data("groundedness-begin-wow.jsonl"), "--journal", journal);

        var report = await Tool.RunAsync("report", journal, "--html", html, "--title", "Bees");
        var calibrate = await Tool.RunAsync("calibrate", "--journal", journal, "--output", artefact, "--error-rate", "0.3", "--json");
        var infeasible = await Tool.RunAsync("calibrate", "--journal", journal, "--output", artefact, "--error-rate", "0.001");

        Assert.Equal((ExitCodes.Success, ExitCodes.Success), (report.Code, calibrate.Code));
        Assert.Contains("<h1>Bees</h1>", await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.InRange(JsonElement.Parse(calibrate.Output).GetProperty("eceAfter").GetDouble(), 0, 0.3);
        Assert.Equal(ExitCodes.CheckFailed, infeasible.Code);
        Assert.Contains("infeasible", infeasible.Output, StringComparison.Ordinal);
        Assert.Contains("of the groups", CalibrationArtefact.Load(artefact).Data!.Split, StringComparison.Ordinal);
    }

    private static string Data(string name) => Path.Combine(s_data, name);

    private static Process Start(string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "microscale.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static int Lines(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Count(c => c == '\n');
    }

    private static string WithoutSeconds(string json) => string.Join(',', JsonElement.Parse(json).EnumerateObject().Where(p => p.Name != "seconds").Select(p => $"{p.Name}={p.Value}"));
}
