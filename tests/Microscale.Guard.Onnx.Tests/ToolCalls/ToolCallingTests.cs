using System.ComponentModel;
using System.Text.Json;
using Microscale.Guard.Onnx.Tests.Chat;
using Microscale.Guard.Onnx.Tests.Decoding;
using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.ToolCalls;

/// <summary>A client calls tools, with models that say what the tests want.</summary>
public sealed class ToolCallingTests : IDisposable
{
    private static readonly ChatMessage[] s_question = [new(ChatRole.User, "Weather in Rome?")];
    private static readonly AIFunction s_weather = AIFunctionFactory.Create([Description("The weather.")] (string city) => $"21 degrees in {city}", "weather");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Families => new()
    {
        { TemplateFamilies.Qwen, "Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>" },
        { TemplateFamilies.Mistral, "Let me see.[TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}]" },
        { TemplateFamilies.Llama3 + "{# <|python_tag|> #}", "Let me see.<|python_tag|>{\"name\": \"weather\", \"parameters\": {\"city\": \"Rome\"}}" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public async Task GetResponseAsync_ModelThatCalls_GivesTextAndCall(string template, string answer)
    {
        using var client = Create(template, answer, [s_weather]);

        var response = await client.GetResponseAsync(s_question, new() { Tools = [s_weather] });

        Assert.Equal("Let me see.", response.Text);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        var call = Assert.Single(response.Messages[0].Contents.OfType<FunctionCallContent>());
        Assert.Equal("weather", call.Name);
        Assert.Equal("Rome", ((JsonElement)call.Arguments!["city"]!).GetString());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task GetStreamingResponseAsync_ModelThatCalls_LeaksNoTextOfTheCall(string template, string answer)
    {
        using var client = Create(template, answer, [s_weather]);
        var options = new ChatOptions { Tools = [s_weather] };
        options.RequestLogProbabilities(1);

        var updates = await client.GetStreamingResponseAsync(s_question, options).ToListAsync();

        Assert.Equal("Let me see.", string.Concat(updates.Select(u => u.Text)));
        Assert.Equal("weather", Assert.Single(updates.SelectMany(u => u.Contents).OfType<FunctionCallContent>()).Name);
        Assert.Equal(ChatFinishReason.ToolCalls, updates[^1].FinishReason);
        Assert.Equal(
            "Let me see."u8.ToArray(),
            updates.SelectMany(u => u.GetLogProbabilities() ?? []).SelectMany(t => t.Utf8Bytes.ToArray()));
    }

    [Fact]
    public async Task GetResponseAsync_CallIsRequired_BeginsTheAnswerWithIt()
    {
        using var client = Create(TemplateFamilies.Qwen, "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>", [s_weather]);

        var response = await client.GetResponseAsync(s_question, new() { Tools = [s_weather], ToolMode = ChatToolMode.RequireSpecific("weather") });

        Assert.Equal("", response.Text);
        Assert.Equal("Rome", Assert.Single(response.Messages[0].Contents.OfType<FunctionCallContent>()).Arguments!["city"]!.ToString());
    }

    [Fact]
    public async Task GetResponseAsync_FunctionInvocationAround_RunsTheFunction()
    {
        // The model makes the call after the first prompt; after the second, which is longer, it has nothing to say.
        using var client = Create(TemplateFamilies.Qwen, "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>", [s_weather])
            .AsBuilder().UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync(s_question, new() { Tools = [s_weather], MaxOutputTokens = 120 });

        Assert.Equal("21 degrees in Rome", response.Messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>().First().Result?.ToString());
    }

    [Fact]
    public async Task GetResponseAsync_ToolsMustNotBeCalled_AnswersWithTheText()
    {
        const string Answer = "<tool_call>{\"name\":\"weather\",\"arguments\":{}}</tool_call>";
        using var client = Create(TemplateFamilies.Qwen, Answer, []);

        var response = await client.GetResponseAsync(s_question, new() { Tools = [s_weather], ToolMode = ChatToolMode.None });

        Assert.Equal(Answer, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponseAsync_RequiredToolThatIsNotThere_IsNamed()
    {
        using var client = Create(TemplateFamilies.Qwen, "x", []);

        var exception = await Assert.ThrowsAsync<ArgumentException>(
            () => client.GetResponseAsync(s_question, new() { Tools = [s_weather], ToolMode = ChatToolMode.RequireSpecific("other") }));

        Assert.Contains("'other'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_ToolThatIsNoFunction_IsNamed()
    {
        using var client = Create(TemplateFamilies.Qwen, "x", []);

        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(s_question, new() { Tools = [new HostedWebSearchTool()] }));

        Assert.Contains(nameof(HostedWebSearchTool), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_TemplateWithoutTools_NamesModelAndRemedy()
    {
        using var client = Create(TemplateFamilies.Gemma, "x", []);

        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(s_question, new() { Tools = [s_weather] }));

        Assert.Contains(client.ModelId, exception.Message, StringComparison.Ordinal);
        Assert.Contains("ChatOptions.Tools", exception.Message, StringComparison.Ordinal);
    }

    private OnnxChatClient Create(string template, string answer, AIFunction[] tools) => new(ScriptedModel.Write(
        _folder, template, TemplateFamilies.ControlTokens, t => t.Render(s_question, null, tools).Count, answer));
}
