using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class LogRecordTests
{
    [Fact]
    public async Task Instrumentation_TakesTheGuardsRecords_AndLeavesOthersAtTheirLevel()
    {
        List<LogRecord> records = [];
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Error));
        services.AddOpenTelemetry().WithLogging(l => l.AddMicroscaleGuardInstrumentation().AddInMemoryExporter(records));
        services.AddChatClient(new ScriptedChatClient(GuardedChain.Right)).UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => 0.9)).VerifyWith(GuardedChain.Verifier).AbstainBelow(0.5));
        await using var provider = services.BuildServiceProvider();
        var application = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Application");

        await provider.GetRequiredService<IChatClient>().AskAsync(streaming: false);

        Assert.False(application.IsEnabled(LogLevel.Warning));
        Assert.All(records, r => Assert.StartsWith("Microscale.Guard.", r.CategoryName, StringComparison.Ordinal));
        var results = records.Where(r => r.EventId.Name == "gen_ai.evaluation.result").Select(r => r.Attributes!.ToDictionary()).ToList();
        Assert.Equal(2, results.Count);
        Assert.Equal(["raw", "supported"], results.Select(r => r["gen_ai.evaluation.score.label"]));
        Assert.All(results, r => Assert.Equal((0.9, "r0"), (r["gen_ai.evaluation.score.value"], r["gen_ai.response.id"])));
        foreach (var word in GuardedChain.Words)
        {
            Assert.DoesNotContain(
                records.SelectMany(r => r.Attributes!.Select(a => $"{a.Value}").Append(r.FormattedMessage ?? r.Body ?? "")),
                v => v.Contains(word, StringComparison.OrdinalIgnoreCase));
        }
    }
}
