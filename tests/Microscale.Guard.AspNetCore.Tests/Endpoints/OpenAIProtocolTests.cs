using System.Text.Json;
using Microscale.Guard.Testing;

namespace Microscale.Guard.AspNetCore.Tests.Endpoints;

/// <summary>What the OpenAI SDK would not send, or does not show.</summary>
public sealed class OpenAIProtocolTests
{
    private const string Path = "/v1/chat/completions";

    [Theory]
    [InlineData("""{""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""{"messages":[{"role":"user","content":"Why?"}]}""", "model")]
    [InlineData("""{"model":"guarded-model"}""", "messages")]
    [InlineData("""{"model":"guarded-model","messages":[]}""", "messages")]
    [InlineData("""{"model":"guarded-model","messages":"Why?"}""", "messages")]
    [InlineData("""{"model":"guarded-model","messages":[{"content":"Why?"}]}""", "messages[0].role")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"king","content":"Why?"}]}""", "messages[0].role")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":7}]}""", "messages[0].content")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":[{"type":"smell"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"::"}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"["}}]}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"temperature":"hot"}""", "temperature")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"temperature":3}""", "temperature")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"n":2}""", "n")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"stream":"yes"}""", "stream")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"tools":[{"type":"function"}]}""", "tools[0].function")]
    [InlineData("""{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"response_format":{"type":"xml"}}""", "response_format.type")]
    public async Task Post_MalformedRequest_IsTheProtocolsErrorThatNamesTheField(string body, string? parameter)
    {
        await using var server = await GuardedServer.StartAsync("Yes.");

        var (status, answer) = await server.PostAsync(Path, body);

        Assert.Equal(400, status);
        var error = answer.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Empty(server.Inner.Calls);
    }

    [Fact]
    public async Task Post_Stream_EndsWithTheJudgementAndTheMarkOfTheEnd()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital.");

        var lines = await server.PostForLinesAsync(Path, """{"model":"guarded-model","stream":true,"messages":[{"role":"user","content":"Why?"}]}""");

        Assert.All(lines, l => Assert.StartsWith("data: ", l));
        Assert.Equal("data: [DONE]", lines[^1]);
        var last = JsonElement.Parse(lines[^2]["data: ".Length..]);
        Assert.Equal("stop", last.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal("Delivered", last.GetProperty("microscale_guard").GetProperty("decision").GetString());
        Assert.Equal("assistant", JsonElement.Parse(lines[0]["data: ".Length..]).GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
    }

    [Fact]
    public async Task Post_StreamFailsAtOnce_HasAStatusOfItsOwn()
    {
        await using var server = await GuardedServer.StartAsync(new ScriptedReply("") { Fault = new InvalidOperationException("no") });

        var (status, answer) = await server.PostAsync(Path, """{"model":"guarded-model","stream":true,"messages":[{"role":"user","content":"Why?"}]}""");

        Assert.Equal((500, "server_error"), (status, answer.GetProperty("error").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Post_StreamFailsLater_EndsWithAnError()
    {
        const string Text = "Berne is the capital. It is small.";
        await using var server = await GuardedServer.StartAsync(new ScriptedReply(Text) { Fault = new InvalidOperationException("no"), FaultAfter = 30 });

        var lines = await server.PostForLinesAsync(Path, """{"model":"guarded-model","stream":true,"messages":[{"role":"user","content":"Why?"}]}""");

        Assert.Contains("\"server_error\"", lines[^1]);
        Assert.DoesNotContain("[DONE]", lines[^1]);
    }

    [Fact]
    public async Task Post_Withheld_NamesNoClaimUnlessToldTo()
    {
        const string Body = """{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}]}""";
        await using var server = await GuardedServer.StartAsync("This is wrong.");
        await using var open = await GuardedServer.StartAsync(new ScriptedChatClient("This is wrong."), o => o.IncludeWithheldClaims = true);
        await using var quiet = await GuardedServer.StartAsync(new ScriptedChatClient("This is wrong."), o => o.IncludeJudgement = false);

        var (_, answer) = await server.PostAsync(Path, Body);
        var (_, opened) = await open.PostAsync(Path, Body);
        var (_, quieted) = await quiet.PostAsync(Path, Body);

        Assert.DoesNotContain("wrong", answer.GetRawText());
        Assert.Equal("Contradicted", answer.GetProperty("microscale_guard").GetProperty("verdicts")[0].GetProperty("verdict").GetString());
        Assert.Contains("This is wrong.", opened.GetProperty("microscale_guard").GetProperty("verdicts")[0].GetProperty("claim").GetString());
        Assert.False(quieted.TryGetProperty("microscale_guard", out _));
    }

    [Fact]
    public async Task Post_CallerGoes_TheModelIsStopped()
    {
        await using var server = await GuardedServer.StartAsync(new ScriptedReply("Yes.") { Hangs = true, FaultAfter = 1 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var content = new StringContent("""{"model":"guarded-model","stream":true,"messages":[{"role":"user","content":"Why?"}]}""");

        var post = server.Http.PostAsync(Path, content, stop.Token);
        while (server.Inner.Calls.Count == 0)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        while (server.Inner.StreamsCut == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
