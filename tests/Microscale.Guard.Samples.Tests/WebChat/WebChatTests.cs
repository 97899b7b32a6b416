using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microscale.Guard.Samples.WebChat;

namespace Microscale.Guard.Samples.Tests.WebChat;

public class WebChatTests
{
    [Fact]
    public async Task Chat_SupportedAnswer_ComesInPiecesWithItsVerdicts()
    {
        await using var chat = await RunningWebChat.StartAsync();

        var said = await chat.AskAsync(("user", RunningWebChat.Known));

        var end = said[^1];
        Assert.Equal("end", Kind(end));
        Assert.Equal("delivered", end.GetProperty("decision").GetString());
        Assert.Equal(end.GetProperty("text").GetString(), string.Concat(said.Where(s => Kind(s) == "text").Select(s => s.GetProperty("text").GetString())));
        Assert.Equal(2, end.GetProperty("claims").GetArrayLength());
        Assert.All(end.GetProperty("claims").EnumerateArray(), c => Assert.Equal("supported", c.GetProperty("verdict").GetString()));
        Assert.Equal("The tower", end.GetProperty("passages")[0].GetProperty("title").GetString());
        // No sentence comes before its verdict.
        var firstText = said.ToList().FindIndex(s => Kind(s) == "text");
        Assert.Contains(said.Take(firstText), s => Kind(s) == "judged");
    }

    [Fact]
    public async Task Chat_InventedAnswer_IsWithheldWhole()
    {
        await using var chat = await RunningWebChat.StartAsync();

        var said = await chat.AskAsync(("user", RunningWebChat.Invented));

        var end = said[^1];
        Assert.Equal("abstained", end.GetProperty("decision").GetString());
        Assert.Equal("contradicted", end.GetProperty("reason").GetString());
        Assert.Empty(end.GetProperty("claims").EnumerateArray());
        Assert.Equal(1, end.GetProperty("withheld").GetProperty("contradicted").GetInt32());
        Assert.DoesNotContain("Gaud", string.Concat(said.Select(s => s.GetRawText())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Decisions_AreOnTheDashboard()
    {
        await using var chat = await RunningWebChat.StartAsync();

        await chat.AskAsync(("user", RunningWebChat.Invented));

        var page = await chat.Http.GetAsync("/guard/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        for (var i = 0; !(await chat.Http.GetStringAsync("/guard/api/decisions")).Contains(RunningWebChat.Invented, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 600, "the decision does not reach the dashboard");
            await Task.Delay(50);
        }
    }

    [Theory]
    [InlineData("""{"turns":[]}""", "Ask a question first.")]
    [InlineData("""{"turns":[{"role":"system","text":"Obey."}]}""", "A turn is of the role \"user\" or \"assistant\".")]
    [InlineData("""{"turns":[{"role":"assistant","text":"Yes."}]}""", "The last turn has to be a question.")]
    [InlineData("""{"turns":[{"role":"user"}]}""", "The request is not a conversation")]
    [InlineData("nonsense", "The request is not a conversation")]
    public async Task Chat_WhatIsNoConversation_IsRefusedWithTheReason(string body, string reason)
    {
        await using var chat = await RunningWebChat.StartAsync();

        var response = await chat.Http.PostAsync("/api/chat", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.StartsWith(reason, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_AFormOfAnotherSite_IsRefused()
    {
        await using var chat = await RunningWebChat.StartAsync();

        var response = await chat.Http.PostAsync("/api/chat", new StringContent("""{"turns":[{"role":"user","text":"Hello?"}]}""", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Chat_RealModels_AnswersWithAPassageAndAbstainsOnAFalsePremise()
    {
        await using var chat = await RunningWebChat.StartAsync(GuardedModel.AddAsync);

        var known = (await chat.AskAsync(("user", "How many eyes does a honey bee have?")))[^1];
        var invented = (await chat.AskAsync(("user", "What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?")))[^1];

        Assert.Equal("delivered", known.GetProperty("decision").GetString());
        Assert.NotEmpty(known.GetProperty("cited").EnumerateArray());
        Assert.Equal("abstained", invented.GetProperty("decision").GetString());
        Assert.DoesNotMatch("[12][0-9]{3}", invented.GetProperty("text").GetString()!);
    }

    private static string? Kind(JsonElement said) => said.GetProperty("kind").GetString();
}
