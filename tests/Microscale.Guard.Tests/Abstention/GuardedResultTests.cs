using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Abstention;

public class GuardedResultTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What colour is the sky?")];

    [Fact]
    public async Task Delivered_IsTheValue()
    {
        var result = await AskAsync<Colour>("""{"name":"blue","shades":3}""");

        Assert.True(result.HasValue);
        Assert.Equal(new Colour("blue", 3), result.Value);
        Assert.Equal(GuardDecision.Delivered, result.Decision);
    }

    [Fact]
    public async Task Abstained_IsNoValue()
    {
        var result = await AskAsync<Colour>("""{"name":"a lie","shades":3}""");

        Assert.False(result.HasValue);
        Assert.Null(result.Value);
        Assert.Equal(GuardDecision.Abstained, result.Decision);
        Assert.Equal(GuardReason.Contradicted, result.Report.Reason);
        Assert.Contains("at odds with the evidence", result.Response.Text);
    }

    [Fact]
    public async Task Abstained_WithATextThatIsJson_IsNoValueEither()
    {
        var result = await AskAsync<Colour>("""{"name":"a lie"}""", o => o.WriteAbstention = _ => new("""{"name":"unknown","shades":0}"""));

        Assert.False(result.HasValue);
        Assert.Null(result.Value);
        Assert.True(result.Response.TryGetResult(out _), "without the guard's word it would be taken for an answer");
    }

    [Fact]
    public async Task Abstained_OnAPlainType_IsNoValue()
    {
        Assert.Equal(3, (await AskAsync<int>("""{"data":3}""")).Value);

        var abstained = await AskAsync<int>("""{"data":3,"note":"a lie"}""");
        Assert.False(abstained.HasValue);
        Assert.Equal(0, abstained.Value);
    }

    [Theory]
    [InlineData("""{"name":"blue","sha""")]
    [InlineData("It is blue.")]
    [InlineData("null")]
    public async Task Delivered_ButNotTheType_IsNoValue(string text)
    {
        var result = await AskAsync<Colour>(text);

        Assert.False(result.HasValue);
        Assert.Equal(GuardDecision.Delivered, result.Decision);
    }

    [Fact]
    public async Task Bypassed_IsTheValue()
    {
        using var client = Client("""{"name":"a lie","shades":1}""");

        var result = await client.GetGuardedResponseAsync<Colour>(Question, options: new ChatOptions().BypassGuard("test"));

        Assert.Equal("a lie", result.Value!.Name);
        Assert.Equal(GuardReason.Bypassed, result.Report.Reason);
    }

    [Fact]
    public async Task Unguarded_SaysWhatToChange()
    {
        using var model = new ScriptedChatClient("""{"name":"blue","shades":3}""");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => model.GetGuardedResponseAsync<Colour>(Question));

        Assert.Contains("UseHallucinationGuard", exception.Message);
    }

    private static async Task<GuardedResult<T>> AskAsync<T>(string reply, Action<AbstentionOptions>? configure = null)
    {
        using var client = Client(reply, configure);
        return await client.GetGuardedResponseAsync<T>(Question);
    }

    private static AbstentionChatClient Client(string reply, Action<AbstentionOptions>? configure = null)
    {
        var options = new AbstentionOptions { Policy = new VerdictPolicy() };
        configure?.Invoke(options);
        return new(JudgingChatClient.ByWords(reply), options);
    }

    private sealed record Colour(string Name, int Shades);
}
