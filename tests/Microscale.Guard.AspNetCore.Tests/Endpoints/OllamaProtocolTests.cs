using System.Text.Json;
using Microscale.Guard.Testing;

namespace Microscale.Guard.AspNetCore.Tests.Endpoints;

/// <summary>What OllamaSharp would not send, or does not show.</summary>
public sealed class OllamaProtocolTests
{
    [Theory]
    [InlineData("/api/chat", """{""")]
    [InlineData("/api/chat", """{"messages":[{"role":"user","content":"Why?"}]}""")]
    [InlineData("/api/chat", """{"model":"guarded-model","messages":[{"role":"king","content":"Why?"}]}""")]
    [InlineData("/api/chat", """{"model":"guarded-model","messages":{"role":"user"}}""")]
    [InlineData("/api/chat", """{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"format":"xml"}""")]
    [InlineData("/api/chat", """{"model":"guarded-model","messages":[{"role":"user","content":"Why?","images":["%"]}]}""")]
    [InlineData("/api/chat", """{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}],"options":{"temperature":"hot"}}""")]
    [InlineData("/api/generate", """{"prompt":"Why?"}""")]
    [InlineData("/api/generate", """{"model":"guarded-model","prompt":7}""")]
    [InlineData("/api/generate", """{"model":"guarded-model","prompt":"a","suffix":"b"}""")]
    [InlineData("/api/show", """{}""")]
    public async Task Post_MalformedRequest_IsTheProtocolsError(string path, string body)
    {
        await using var server = await GuardedServer.StartAsync("Yes.");

        var (status, answer) = await server.PostAsync(path, body);

        Assert.Equal(400, status);
        Assert.Equal(["error"], answer.EnumerateObject().Select(p => p.Name));
        Assert.NotEmpty(answer.GetProperty("error").GetString()!);
        Assert.Empty(server.Inner.Calls);
    }

    [Fact]
    public async Task Post_UnknownModel_IsNotFound()
    {
        await using var server = await GuardedServer.StartAsync("Yes.");

        var (status, answer) = await server.PostAsync("/api/show", """{"model":"llama9"}""");

        Assert.Equal((404, "model 'llama9' not found"), (status, answer.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Post_NoMessages_LoadsTheModel()
    {
        await using var server = await GuardedServer.StartAsync("Yes.");

        var (status, answer) = await server.PostAsync("/api/chat", """{"model":"guarded-model:latest"}""");

        Assert.Equal((200, "load"), (status, answer.GetProperty("done_reason").GetString()));
        Assert.Empty(server.Inner.Calls);
    }

    [Fact]
    public async Task Post_Stream_EndsWithTheJudgement()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital.");

        var lines = await server.PostForLinesAsync("/api/chat", """{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}]}""");

        var last = JsonElement.Parse(lines[^1]);
        Assert.True(last.GetProperty("done").GetBoolean());
        Assert.Equal("Delivered", last.GetProperty("microscale_guard").GetProperty("decision").GetString());
        Assert.All(lines[..^1], l => Assert.False(JsonElement.Parse(l).GetProperty("done").GetBoolean()));
    }

    [Fact]
    public async Task Post_StreamFailsLater_EndsWithAnError()
    {
        const string Text = "Berne is the capital. It is small.";
        await using var server = await GuardedServer.StartAsync(new ScriptedReply(Text) { Fault = new InvalidOperationException("no"), FaultAfter = 30 });

        var lines = await server.PostForLinesAsync("/api/chat", """{"model":"guarded-model","messages":[{"role":"user","content":"Why?"}]}""");

        Assert.True(JsonElement.Parse(lines[^1]).TryGetProperty("error", out _));
    }
}
