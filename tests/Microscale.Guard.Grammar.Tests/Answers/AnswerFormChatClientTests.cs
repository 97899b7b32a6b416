using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar.Tests;

public class AnswerFormChatClientTests
{
    private const string Good = """{"size":"small","name":"Ann"}""";
    private const string Bad = """{"name":"Ann","size":"tiny"}""";

    private static readonly ChatOptions s_person = Json("""
        {"type":"object","properties":{"name":{"type":"string"},"size":{"enum":["small","large"]},"tags":{"type":"array","items":{"type":"integer"}}},"required":["name","size"],"additionalProperties":false}
        """);

    [Theory]
    [InlineData(Good, null)]
    [InlineData("""{ "name": "Ann", "size": "large", "tags": [1, 2e0] }""", null)]
    [InlineData(Bad, "at $.size")]
    [InlineData("""{"name":"Ann","size":"small","tags":[1,2.5]}""", "at $.tags[1]")]
    [InlineData("""{"name":"Ann"}""", "at $")]
    [InlineData("""{"name":"Ann","size":"small","more":1}""", "at $.more")]
    [InlineData("Here you are: {}", "not JSON")]
    [InlineData("""{"name":"Ann",""", "not JSON")]
    public async Task GetResponseAsync_JsonSchema_IsChecked(string answer, string? error)
    {
        using var client = new AnswerFormChatClient(new ScriptedChatClient(answer));

        var form = (await client.GetResponseAsync("Who?", s_person)).GetGuardReport()!.Form!;

        Assert.Equal(AnswerFormCheck.Checked, form.Check);
        Assert.Equal(error is null, form.IsKept);
        Assert.Contains(error ?? "", form.Error ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-05-01", null)]
    [InlineData("2024-05", "too early")]
    [InlineData("May 2024", "character 1.")]
    public async Task GetResponseAsync_Grammar_IsChecked(string answer, string? error)
    {
        using var client = new AnswerFormChatClient(new ScriptedChatClient(answer));

        var response = await client.GetResponseAsync("When?", new ChatOptions().ConstrainTo(GrammarDefinition.FromRegex(@"\d{4}-\d{2}-\d{2}")));

        Assert.Equal(error is null, response.GetGuardReport()!.Form!.IsKept);
        Assert.Contains(error ?? "", response.GetGuardReport()!.Form!.Error ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_NoForm_IsLeftAlone()
    {
        using var client = new AnswerFormChatClient(new ScriptedChatClient("Ann"));

        Assert.Null((await client.GetResponseAsync("Who?")).GetGuardReport());
    }

    [Fact]
    public async Task GetResponseAsync_ConstrainedInside_IsLeftAlone()
    {
        using var client = new AnswerFormChatClient(new ConstrainedChatClient(new ScriptedChatClient(Bad)));

        Assert.Equal(AnswerFormCheck.Constrained, (await client.GetResponseAsync("Who?", s_person)).GetGuardReport()!.Form!.Check);
    }

    [Fact]
    public async Task GetResponseAsync_RuleThatNoGrammarHolds_IsAWarning()
    {
        using var client = new AnswerFormChatClient(new ScriptedChatClient("""["a"]"""));

        var form = (await client.GetResponseAsync("Who?", Json("""{"type":"array","items":{"type":"string"},"uniqueItems":true}"""))).GetGuardReport()!.Form!;

        Assert.True(form.IsKept);
        Assert.Contains("uniqueItems", Assert.Single(form.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_SchemaThatCannotBeRead_KeepsNothing()
    {
        using var client = new AnswerFormChatClient(new ScriptedChatClient("1"));

        Assert.False((await client.GetResponseAsync("Who?", Json("""{"$ref":"https://example.org/other.json"}"""))).GetGuardReport()!.Form!.IsKept);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponseAsync_BrokenAnswerUnderAGuard_IsRepaired(bool streaming)
    {
        var model = new ScriptedChatClient(Bad, Good);
        using var client = Guard(model);

        var response = await AskAsync(client, streaming);

        Assert.Equal(Good, response.Text);
        Assert.Equal(GuardDecision.Repaired, response.GetGuardReport()!.Decision);
        Assert.Equal(GuardReason.Malformed, response.GetGuardReport()!.Attempts[0].Reason);
        Assert.True(response.GetGuardReport()!.Form!.IsKept);
        Assert.Contains("$.size", model.Calls[1].Messages[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponseAsync_AnswerThatStaysBroken_IsWithheld(bool streaming)
    {
        using var client = Guard(new ScriptedChatClient(Bad));

        var response = await AskAsync(client, streaming);

        Assert.Equal((GuardDecision.Abstained, GuardReason.Malformed), (response.GetGuardReport()!.Decision, response.GetGuardReport()!.Reason));
        Assert.DoesNotContain("tiny", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_Form_IsKnownBeforeTheText()
    {
        using var client = new AnswerFormChatClient(new ScriptedChatClient(Bad));

        var updates = await client.GetStreamingResponseAsync("Who?", s_person).ToListAsync();

        Assert.False(updates[0].GetGuardReport()!.Form!.IsKept);
        Assert.Equal("", updates[0].Text);
        Assert.Equal(Bad, updates.ToChatResponse().Text);
        Assert.False(updates.ToChatResponse().GetGuardReport()!.Form!.IsKept);
    }

    private static async Task<ChatResponse> AskAsync(IChatClient client, bool streaming) => streaming
        ? (await client.GetStreamingResponseAsync("Who?", s_person).ToListAsync()).ToChatResponse()
        : await client.GetResponseAsync("Who?", s_person);

    private static ChatOptions Json(string schema) => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)) };

    private static IChatClient Guard(ScriptedChatClient model) => new AbstentionChatClient(
        new AnswerFormChatClient(model),
        new AbstentionOptions { Policy = AbstentionPolicy.FromDelegate(GuardParts.None, _ => PolicyDecision.Deliver), MaxRepairs = 1 });

    private sealed class ConstrainedChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            response.SetAnswerForm(new(AnswerFormCheck.Constrained));
            return response;
        }
    }
}
