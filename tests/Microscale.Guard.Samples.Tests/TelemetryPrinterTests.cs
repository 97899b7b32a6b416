using Microscale.Guard.Samples.Quickstart;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.Tests;

public class TelemetryPrinterTests
{
    [Fact]
    public async Task Print_AfterAGuardedRequest_ShowsItsActivitiesAndMetrics()
    {
        using var output = new StringWriter();
        var telemetry = new TelemetryPrinter(Consoles.Plain(output));
        using var client = new ScriptedChatClient("Not judged.").AsBuilder()
            .UseAbstention(o => o.Policy = new VerdictPolicy())
            .Build();
        await client.GetResponseAsync("Who?", cancellationToken: TestContext.Current.CancellationToken);

        telemetry.PrintActivities();
        telemetry.PrintMetrics();
        telemetry.Dispose();

        var lines = output.ToString().Split('\n');
        Assert.Contains(lines, l => l.Contains("guard ", StringComparison.Ordinal) && !l.Contains("guard.attempt ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("guard.attempt ", StringComparison.Ordinal) && l.Contains("kind=draft", StringComparison.Ordinal));
        Assert.Single(lines, l => l.Contains("microscale.guard.requests", StringComparison.Ordinal));
        Assert.Contains("decision=abstained", string.Concat(lines.Select(l => l.Trim())), StringComparison.Ordinal);
        Assert.DoesNotContain("Not judged.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void PrintActivities_WithoutAny_PrintsNothing()
    {
        using var output = new StringWriter();
        using var telemetry = new TelemetryPrinter(Consoles.Plain(output));

        telemetry.PrintActivities();

        Assert.Empty(output.ToString());
    }
}
