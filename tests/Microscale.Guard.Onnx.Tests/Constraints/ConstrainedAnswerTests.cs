using System.Text.Json;
using System.Text.RegularExpressions;
using Microscale.Guard.Grammar;
using Microscale.Guard.Onnx.Tests.Chat;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Constraints;

[Collection(nameof(ChatModelCollection))]
public partial class ConstrainedAnswerTests(ChatModel model)
{
    private enum Size
    {
        Small,
        Large,
    }

    private sealed record Address(string Street, int? Number);

    private sealed record Person(string Name, Size Size, bool Married, Address? Home);

    [Fact]
    public async Task GetResponseAsync_OfARecord_IsThatRecord()
    {
        var response = await model.Client.GetResponseAsync<Person>(
            "Describe Ann Lee, a small, married woman at Main Street 5.", new ChatOptions { MaxOutputTokens = 200 });

        Assert.True(response.TryGetResult(out var person), response.Text);
        Assert.NotNull(person.Name);
        Assert.True(Enum.IsDefined(person.Size));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task GetResponseAsync_SchemaAtHighTemperature_IsValid(int seed)
    {
        var schema = JsonElement.Parse("""
            {"type":"object","properties":{"score":{"type":"integer","minimum":3,"maximum":7},"tags":{"type":"array","items":{"enum":["a","b","c"]},"uniqueItems":true,"minItems":2}},
             "required":["score","tags"],"additionalProperties":false}
            """);
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema), Temperature = 1, Seed = seed, MaxOutputTokens = 100 };

        var answer = JsonElement.Parse((await model.Client.GetResponseAsync("Rate the weather.", options)).Text);

        Assert.InRange(answer.GetProperty("score").GetInt32(), 3, 7);
        var tags = answer.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!).ToList();
        Assert.True(tags.Count is 2 or 3 && tags.Distinct().Count() == tags.Count && tags.TrueForAll("abc".Contains));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_Regex_StreamsAMatch()
    {
        var options = new ChatOptions { MaxOutputTokens = 30 }.ConstrainTo(GrammarDefinition.FromRegex(@"\d{4}-\d{2}-\d{2}"));

        var text = string.Concat((await model.Client.GetStreamingResponseAsync("When did the war end?", options).ToListAsync()).Select(update => update.Text));

        Assert.Matches(Date(), text);
    }

    [Fact]
    public async Task GetResponseAsync_Choices_IsOneOfThem()
    {
        string[] choices = ["Paris", "Rome", "Oslo"];
        var options = new ChatOptions().ConstrainTo(GrammarDefinition.FromChoices(choices));

        Assert.Equal("Paris", (await model.Client.GetResponseAsync("What is the capital of France?", options)).Text);
    }

    [Fact]
    public async Task GetResponseAsync_JsonWithoutSchema_IsAStructure()
    {
        var text = (await model.Client.GetResponseAsync(
            "Name one colour, as JSON with a field colour.", new ChatOptions { ResponseFormat = ChatResponseFormat.Json, MaxOutputTokens = 20 })).Text;

        Assert.Contains(text[0], "{[");
    }

    [Fact]
    public async Task GetResponseAsync_SchemaThatCannotBe_IsRefusedWithItsPlace()
    {
        var schema = JsonElement.Parse("""{"properties":{"a":{"items":{"type":"string"},"uniqueItems":true}}}""");

        var error = await Assert.ThrowsAsync<JsonSchemaException>(() =>
            model.Client.GetResponseAsync("hi", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) }));

        Assert.Equal("/properties/a", error.JsonPointer);
    }

    [Fact]
    public async Task GetResponseAsync_JsonAndGrammar_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(() => model.Client.GetResponseAsync(
        "hi", new ChatOptions { ResponseFormat = ChatResponseFormat.Json }.ConstrainTo(GrammarDefinition.FromChoices(["a"]))));

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$")]
    private static partial Regex Date();
}
