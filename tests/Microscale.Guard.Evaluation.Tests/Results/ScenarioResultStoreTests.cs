using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation.Tests.Results;

public sealed class ScenarioResultStoreTests : IDisposable
{
    private static readonly ChatMessage[] Question = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Capital of Norway?")];
    private readonly string _folder = Directory.CreateTempSubdirectory("microscale-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Write_EvaluatedGuardedResponse_ReadsBack()
    {
        using var model = new ScriptedChatClient(new ScriptedReply("Oslo is the capital.") { LogProbabilities = [-0.1, -0.1, -0.1, -0.1] });
        using var guarded = model.AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => 0.75))
            .VerifyWith(ScriptedVerifier.Always(Verdict.Unverifiable))
            .AbstainBelow(0.5)).Build();
        var response = await guarded.GetResponseAsync(Question);
        var evaluator = new CompositeEvaluator(new GuardReportEvaluator(), new VerifierEvaluator([ScriptedVerifier.Always(Verdict.Contradicted)]));
        var evaluation = await evaluator.EvaluateAsync(Question, response, additionalContext: [new EvidenceContext(new Evidence("e", "Oslo is a city."))]);
        var store = new ScenarioResultStore(_folder);

        await store.WriteAsync(ResultOf("1", response, evaluation));
        var read = Assert.Single(await store.ReadAsync("run 1").ToListAsync());

        Assert.Equal(("run 1", "capitals", "1", 1), (read.ExecutionName, read.ScenarioName, read.IterationName, read.FormatVersion));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), read.CreationTime);
        Assert.Equal(["smoke"], read.Tags);
        Assert.Equal(["Be brief.", "Capital of Norway?"], read.Messages.Select(m => m.Text));
        Assert.Equal(response.Text, read.ModelResponse.Text);
        Assert.Equal(response.Usage!.TotalTokenCount, read.ModelResponse.Usage!.TotalTokenCount);
        Assert.Equal(response.GetGuardReport()!.Decision, read.ModelResponse.GetGuardReport()!.Decision);
        Assert.Equal(evaluation.Metrics.Keys.Order(), read.EvaluationResult.Metrics.Keys.Order());
        Assert.Equal(0.75, read.EvaluationResult.Get<NumericMetric>("Guard Confidence").Value);
        Assert.IsType<BooleanMetric>(read.EvaluationResult.Metrics["Guard Answered"]);
        var (before, after) = (evaluation.Metrics["Supported Claims"], read.EvaluationResult.Metrics["Supported Claims"]);
        Assert.Equal(before.Reason, after.Reason);
        Assert.Equal(before.Interpretation!.Rating, after.Interpretation!.Rating);
        Assert.Equal(before.Diagnostics!.Select(d => (d.Severity, d.Message)), after.Diagnostics!.Select(d => (d.Severity, d.Message)));
        Assert.Equal("Oslo is a city.", Assert.IsType<TextContent>(Assert.Single(after.Context!["Evidence"].Contents)).Text);
    }

    [Fact]
    public async Task Write_Result_IsWhereAndHowTheReportingToolsLook()
    {
        var metric = new NumericMetric("Supported Claims", 0.5, "why") { Interpretation = new(EvaluationRating.Average, failed: true, "why") };
        metric.AddDiagnostics(EvaluationDiagnostic.Warning("careful"));
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "Oslo.")) { ModelId = "m" };
        await new ScenarioResultStore(_folder).WriteAsync(ResultOf("7", response, new EvaluationResult(metric, new BooleanMetric("Answered", true))));

        // The form of version 1 of Microsoft.Extensions.AI.Evaluation.Reporting, by the properties that its reader needs.
        var json = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "results", "run 1", "capitals", "7.json")));
        Assert.Equal(
            ["scenarioName", "iterationName", "executionName", "creationTime", "messages", "modelResponse", "evaluationResult", "tags", "formatVersion"],
            json.EnumerateObject().Select(p => p.Name));
        var metrics = json.GetProperty("evaluationResult").GetProperty("metrics");
        Assert.Equal("numeric", metrics.GetProperty("Supported Claims").GetProperty("$type").GetString());
        Assert.Equal("boolean", metrics.GetProperty("Answered").GetProperty("$type").GetString());
        Assert.Equal("average", metrics.GetProperty("Supported Claims").GetProperty("interpretation").GetProperty("rating").GetString());
        Assert.Equal("warning", metrics.GetProperty("Supported Claims").GetProperty("diagnostics")[0].GetProperty("severity").GetString());
        Assert.Equal("Oslo.", json.GetProperty("modelResponse").GetProperty("messages")[0].GetProperty("contents")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Read_ManyRuns_BySubfolder()
    {
        var store = new ScenarioResultStore(_folder);
        Assert.Empty(await store.ReadAsync().ToListAsync());
        foreach (var name in new[] { "2", "1" })
        {
            await store.WriteAsync(ResultOf(name, new ChatResponse(new ChatMessage(ChatRole.Assistant, "x")), new EvaluationResult()));
        }

        Assert.Equal(["1", "2"], (await store.ReadAsync().ToListAsync()).Select(r => r.IterationName));
        Assert.Empty(await store.ReadAsync("run 2").ToListAsync());
        await File.WriteAllTextAsync(Path.Combine(_folder, "results", "run 1", "capitals", "3.json"), "{}");
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await store.ReadAsync().ToListAsync());
        Assert.Contains("3.json", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("..")]
    [InlineData("a\\b")]
    [InlineData("")]
    public async Task Write_NameThatIsNoFileName_IsRefused(string name) => await Assert.ThrowsAsync<ArgumentException>(() =>
        new ScenarioResultStore(_folder).WriteAsync(ResultOf(name, new ChatResponse(), new EvaluationResult())));

    private static ScenarioResult ResultOf(string iteration, ChatResponse response, EvaluationResult evaluation) => new()
    {
        ScenarioName = "capitals",
        IterationName = iteration,
        ExecutionName = "run 1",
        CreationTime = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Messages = Question,
        ModelResponse = response,
        EvaluationResult = evaluation,
        Tags = ["smoke"],
    };
}
