using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class BypassWithoutReasonTests
{
    private static readonly Verify Bypass = new("MSG010");

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("\"...\"")]
    [InlineData("\"TODO\"")]
    [InlineData("\"test.\"")]
    [InlineData("\"n/a\"")]
    [InlineData("Reason")]
    public async Task EmptyOrPlaceholderReasons_AreReported(string reason) =>
        await Bypass.ReportsInMethodAsync($"const string Reason = \"temp\";\nnew ChatOptions().BypassGuard([|{reason}|]);");

    [Theory]
    [InlineData("\"greeting: it makes no claim\"")]
    [InlineData("\"test of the latency without a guard\"")]
    [InlineData("uri.ToString()")]
    public async Task Reasons_AreSilent(string reason) => await Bypass.ReportsInMethodAsync($"new ChatOptions().BypassGuard({reason});");

    [Fact]
    public async Task MoreWords_AreConfigured() => await new Verify("MSG010") { Config = "[*.cs]\nmicroscale_guard.MSG010.placeholders = later, wip\n" }
        .ReportsInMethodAsync("new ChatOptions().BypassGuard([|\"WIP\"|]).BypassGuard([|\"later\"|]).BypassGuard(\"a reason\");");
}
