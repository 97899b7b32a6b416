using System.Text.Json;
using Json.Schema;
using Microscale.Guard.Grammar;
using Microscale.Guard.Onnx.Tests.Chat;
using Microscale.Guard.Onnx.Tests.Decoding;
using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.ToolCalls;

/// <summary>Calls obey the schemas of the tools, whatever the model would rather write.</summary>
public sealed class ConstrainedCallTests : IDisposable
{
    private const string WeatherSchema = """
        {"type":"object","properties":{"city":{"type":"string","minLength":1,"maxLength":6},"days":{"type":"integer","minimum":1,"maximum":14}},"required":["city","days"],"additionalProperties":false}
        """;

    private const string UnitSchema = """{"type":"object","properties":{"unit":{"enum":["celsius","kelvin"]}},"required":["unit"],"additionalProperties":false}""";

    private static readonly ChatMessage[] s_question = [new(ChatRole.User, "Weather in Rome?")];
    private static readonly AIFunctionDeclaration s_weather = Declare("weather", WeatherSchema);
    private static readonly AIFunctionDeclaration s_unit = Declare("unit", UnitSchema);
    private static readonly AITool[] s_tools = [s_weather, s_unit];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Families =>
    [
        TemplateFamilies.Qwen,
        TemplateFamilies.Mistral,
        TemplateFamilies.Mistral + "{# [ARGS] #}",
        TemplateFamilies.Llama3,
        TemplateFamilies.Llama3 + "{# <|python_tag|> #}",
        TemplateFamilies.Qwen.Replace("<tool_call>", "<|tool_call|>", StringComparison.Ordinal).Replace("</tool_call>", "<|/tool_call|>", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task GetResponseAsync_CallRequiredOfARandomModel_IsOneThatTheToolTakes(string template)
    {
        using var client = Random(template);
        var called = new HashSet<string>();
        for (var seed = 0; seed < 12; seed++)
        {
            var response = await client.GetResponseAsync(s_question, Options(seed, ChatToolMode.RequireAny, single: seed % 2 == 0));

            var calls = Calls(response);
            Assert.NotEmpty(calls);
            Assert.True(seed % 2 != 0 || calls.Count == 1);
            Assert.Equal("", response.Text);
            Assert.All(calls, AssertObeys);
            called.UnionWith(calls.Select(c => c.Name));
        }

        Assert.Equal(2, called.Count);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task GetResponseAsync_SpecificCallRequired_IsOfThatTool(string template)
    {
        using var client = Random(template);
        for (var seed = 0; seed < 5; seed++)
        {
            var response = await client.GetResponseAsync(s_question, Options(seed, ChatToolMode.RequireSpecific("unit")));

            Assert.All(Calls(response), call => Assert.Equal("unit", call.Name));
            Assert.All(Calls(response), AssertObeys);
            Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task GetResponseAsync_ToolsAndAFormat_IsACallOrAnAnswerInTheFormat(string template)
    {
        var format = JsonElement.Parse("""{"type":"object","properties":{"name":{"enum":["weather","rain"]},"degrees":{"type":"integer","minimum":-9,"maximum":9}},"required":["name","degrees"],"additionalProperties":false}""");
        using var client = Random(template);
        var (calls, answers) = (0, 0);
        for (var seed = 0; seed < 16; seed++)
        {
            var options = Options(seed, mode: null);
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(format);
            var response = await client.GetResponseAsync(s_question, options);

            Assert.Equal(AnswerFormCheck.Constrained, response.GetGuardReport()?.Form?.Check);
            if (Calls(response) is { Count: > 0 } made)
            {
                calls++;
                Assert.Equal("", response.Text);
                Assert.All(made, AssertObeys);
            }
            else
            {
                answers++;
                Assert.True(JsonSchema.Build(format, new BuildOptions { SchemaRegistry = new SchemaRegistry() }).Evaluate(JsonElement.Parse(response.Text)).IsValid, response.Text);
                Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
            }
        }

        Assert.True(calls > 0 && answers > 0, $"{calls} calls, {answers} answers");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task GetResponseAsync_ToolsMustNotBeCalled_AnswersInTheFormat(string template)
    {
        using var client = Random(template);
        var options = Options(1, ChatToolMode.None).ConstrainTo(GrammarDefinition.FromChoices(["yes", "no"]));

        Assert.Contains((await client.GetResponseAsync(s_question, options)).Text, (string[])["yes", "no"]);
    }

    [Fact]
    public async Task GetResponseAsync_ModelThatBreaksTheSchema_CannotWithinItsText()
    {
        // The text is free; the city must be a string, and the script has a number there.
        using var client = Scripted("Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": 1234567890123456");

        var response = await client.GetResponseAsync(s_question, new() { Tools = s_tools, MaxOutputTokens = 400, Temperature = 1, Seed = 2 });

        Assert.Equal("Let me see.", response.Text[..11]);
        Assert.All(Calls(response), AssertObeys);
        Assert.NotEmpty(Calls(response));
    }

    [Fact]
    public async Task GetResponseAsync_TextBesideTools_HasNoForm()
    {
        using var client = Scripted("It is warm.");

        var response = await client.GetResponseAsync(s_question, new() { Tools = s_tools, MaxOutputTokens = 3 });

        Assert.StartsWith("It", response.Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Null(response.GetGuardReport());
    }

    [Fact]
    public async Task GetResponseAsync_EndMarkWithinAnArgument_IsAnArgument()
    {
        var tool = Declare("say", """{"type":"object","properties":{"text":{"type":"string"}},"required":["text"],"additionalProperties":false}""");
        using var client = Scripted("<tool_call>\n{\"name\": \"say\", \"arguments\": {\"text\": \"</tool_call>\"}}\n</tool_call>", tool);

        var response = await client.GetResponseAsync(s_question, new() { Tools = [tool] });

        Assert.Equal("</tool_call>", Assert.Single(Calls(response)).Arguments!["text"]!.ToString());
    }

    [Fact]
    public async Task GetResponseAsync_SchemaThatCannotBeExact_StillCallsAndSaysSo()
    {
        var tool = Declare("pick", """{"type":"object","properties":{"names":{"type":"array","items":{"type":"string"},"uniqueItems":true}},"required":["names"],"additionalProperties":false}""");
        using var client = Scripted("<tool_call>\n{\"name\": \"pick\", \"arguments\": {\"names\": [\"a\"]}}\n</tool_call>", tool);

        var response = await client.GetResponseAsync(s_question, new() { Tools = [tool], ToolMode = ChatToolMode.RequireAny });

        Assert.Equal("pick", Assert.Single(Calls(response)).Name);
        Assert.Contains("uniqueItems", Assert.Single(response.GetGuardReport()!.Form!.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task GetResponseAsync_RealModelAtHighTemperature_CallsAsTheToolTakesIt(int seed)
    {
        var model = TestModels.Chat;
        _folder.LinkModel(model.Path, "config.json", "generation_config.json", "model.onnx", "embedding.data", "layers.0.data", "layers.1.data", "tokenizer.json");
        _folder.Write("tokenizer_config.json", JsonSerializer.Serialize(new { bos_token = "<|im_start|>", eos_token = "<|im_end|>", chat_template = TemplateFamilies.Qwen }));
        using var client = new OnnxChatClient(ModelFolder.Open(_folder.Path, verifyChecksums: false));

        var response = await client.GetResponseAsync(
            "How will the weather be in Rome for the next 3 days?",
            new() { Tools = s_tools, ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false, Temperature = 1, Seed = seed, MaxOutputTokens = 80 });

        AssertObeys(Assert.Single(Calls(response)));
    }

    private static void AssertObeys(FunctionCallContent call)
    {
        var schema = JsonSchema.Build(JsonElement.Parse(call.Name == "weather" ? WeatherSchema : UnitSchema), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        var arguments = JsonSerializer.SerializeToElement(call.Arguments);
        Assert.True(schema.Evaluate(arguments).IsValid, $"{call.Name} {arguments}");
    }

    private static List<FunctionCallContent> Calls(ChatResponse response) => [.. response.Messages[0].Contents.OfType<FunctionCallContent>()];

    private static ChatOptions Options(int seed, ChatToolMode? mode, bool single = true) => new()
    {
        Tools = s_tools,
        ToolMode = mode,
        AllowMultipleToolCalls = !single,
        Temperature = 1,
        Seed = seed,
        MaxOutputTokens = 600,
    };

    private static AIFunctionDeclaration Declare(string name, string schema) => AIFunctionFactory.CreateDeclaration(name, "A tool.", JsonElement.Parse(schema));

    /// <summary>A model to which all tokens are equally probable.</summary>
    private OnnxChatClient Random(string template) => new(ScriptedModel.Write(_folder, template, TemplateFamilies.ControlTokens, _ => 1, ""));

    private OnnxChatClient Scripted(string answer, params AITool[] tools) => new(ScriptedModel.Write(
        _folder,
        TemplateFamilies.Qwen,
        TemplateFamilies.ControlTokens,
        t => t.Render(s_question, null, [.. (tools is [] ? s_tools : tools).Cast<AIFunctionDeclaration>()]).Count,
        answer));
}
