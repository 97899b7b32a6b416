using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.ToolCalls;

public class ToolCallReaderTests
{
    private static readonly HashSet<string> s_names = ["weather", "add"];
    private static readonly ToolCallFormat s_hermes = ToolCallFormat.Of("… <tool_call> …");
    private static readonly ToolCallFormat s_mistral = ToolCallFormat.Of("… [TOOL_CALLS] …");
    private static readonly ToolCallFormat s_newMistral = ToolCallFormat.Of("… [TOOL_CALLS] … [ARGS] …");
    private static readonly ToolCallFormat s_phi = ToolCallFormat.Of("… <|tool_call|> …");
    private static readonly ToolCallFormat s_llama = ToolCallFormat.Of("… <|python_tag|> … ipython …");

    public static TheoryData<string, string, string, string> Answers => new()
    {
        // Format, answer, text, calls.
        { "hermes", "Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>", "Let me see.", "weather{\"city\":\"Rome\"}" },
        { "hermes", "<tool_call>{\"name\":\"add\",\"arguments\":{\"x\":1}}</tool_call>\n<tool_call>{\"name\":\"add\",\"arguments\":{\"x\":2}}</tool_call>\n", "", "add{\"x\":1};add{\"x\":2}" },
        { "hermes", "<tool_call>[{\"name\":\"add\",\"arguments\":{}},{\"name\":\"weather\",\"parameters\":{}}]</tool_call>", "", "add{};weather{}" },
        { "hermes", "<tool_call>{\"name\":\"add\",\"arguments\":\"{\\\"x\\\": 1}\"}</tool_call> done", " done", "add{\"x\":1}" },
        { "hermes", "<tool_call>{\"name\":\"add\",\"arguments\":{}}", "", "add{}" },
        { "hermes", "<tool_call>{\"name\":\"unheard_of\",\"arguments\":{}}</tool_call>", "", "unheard_of{}" },
        { "hermes", "<tool_call>add(1)</tool_call>", "<tool_call>add(1)</tool_call>", "" },
        { "hermes", "a <tool_call>{\"name\":1}</tool_call> b", "a <tool_call>{\"name\":1}</tool_call> b", "" },
        { "hermes", "1 < 2 <tool", "1 < 2 <tool", "" },
        { "hermes", "{\"name\": \"add\"}", "{\"name\": \"add\"}", "" },
        { "hermes", " text with blanks \n", " text with blanks \n", "" },
        { "mistral", "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {\"x\": 1}}, {\"name\": \"add\", \"arguments\": {\"x\": 2}}]", "", "add{\"x\":1};add{\"x\":2}" },
        { "mistral", "Sure. [TOOL_CALLS][{\"name\": \"add\", \"arguments\": {}}]\n", "Sure.", "add{}" },
        { "newMistral", "[TOOL_CALLS]add[ARGS]{\"x\": 1}[TOOL_CALLS]weather[CALL_ID]abc[ARGS]{}", "", "add{\"x\":1};weather{}" },
        { "newMistral", "[TOOL_CALLS][ARGS]{}", "[TOOL_CALLS][ARGS]{}", "" },
        { "phi", "<|tool_call|>[{\"name\": \"add\", \"arguments\": {\"x\": 1}}]<|/tool_call|>", "", "add{\"x\":1}" },
        { "llama", "{\"name\": \"weather\", \"parameters\": {\"city\": \"Rome\"}}", "", "weather{\"city\":\"Rome\"}" },
        { "llama", "\n{\"type\": \"function\", \"function\": {\"name\": \"add\", \"parameters\": {}}}", "", "add{}" },
        { "llama", "<|python_tag|>{\"name\": \"add\", \"parameters\": {\"x\": 1}}; {\"name\": \"add\", \"parameters\": {\"x\": 2}}", "", "add{\"x\":1};add{\"x\":2}" },
        { "llama", "{\"name\": \"Ada\", \"parameters\": {}}", "{\"name\": \"Ada\", \"parameters\": {}}", "" },
        { "llama", "{\"capital\": \"Rome\"}", "{\"capital\": \"Rome\"}", "" },
        { "llama", "[1, 2]", "[1, 2]", "" },
        { "llama", "It is {\"name\": \"add\"}", "It is {\"name\": \"add\"}", "" },
        { "llama", "  ", "  ", "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Read_Answer_TellsCallsFromText(string format, string answer, string text, string calls) =>
        Assert.Equal((text, calls), Read(Format(format), [answer]));

    /// <summary>However an answer is cut, the same comes out, and no text of a call is ever released before.</summary>
    [Theory]
    [MemberData(nameof(Answers))]
    public void Read_AnswerInPieces_IsTheSame(string format, string answer, string text, string calls) =>
        Gen.Int[1, 7].Array[1, 8].Sample(
            lengths =>
            {
                var pieces = new List<string>();
                for (var (i, start) = (0, 0); start < answer.Length; start += lengths[i++ % lengths.Length])
                {
                    pieces.Add(answer[start..Math.Min(answer.Length, start + lengths[i % lengths.Length])]);
                }

                Assert.Equal((text, calls), Read(Format(format), pieces));
            },
            iter: 50);

    [Theory]
    [InlineData("hermes", "See: <tool_call>\n{\"name\": \"weather\", \"argu", "See:")]
    [InlineData("mistral", "[TOOL_CALLS] [{\"name\": \"add\", ", "")]
    [InlineData("llama", "{\"name\": \"add\", \"parame", "")]
    public void Read_AnswerCutOffWithinACall_LeaksNothingOfIt(string format, string answer, string text) =>
        Assert.Equal((text, ""), Read(Format(format), [answer], isWhole: false));

    [Fact]
    public void Read_MarksWithinArguments_BelongToThem()
    {
        Assert.Equal(
            ("", "add{\"x\":\"</tool_call> \\\"</tool_call>\"}"),
            Read(Format("hermes"), ["<tool_call>{\"name\": \"add\", \"arguments\": {\"x\": \"</tool_call> \\\"</tool_call>\"}}</tool_call>"]));
        Assert.Equal(
            ("", "add{\"x\":\"[TOOL_CALLS][ARGS]\"};add{}"),
            Read(Format("newMistral"), ["[TOOL_CALLS]add[ARGS]{\"x\": \"[TOOL_CALLS][ARGS]\"}[TOOL_CALLS]add[ARGS]{}"]));
        Assert.Equal(
            ("", "add{\"x\":\"[ARGS]\"}"),
            Read(Format("mistral"), ["[TOOL_CALLS][{\"name\": \"add\", \"arguments\": {\"x\": \"[ARGS]\"}}]"]));
    }

    [Fact]
    public void Read_SingleCallWanted_EndsAfterIt()
    {
        var reader = new ToolCallReader(s_hermes, s_names) { SingleCall = true };

        var stretches = reader.Append("<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call><tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>");

        Assert.True(reader.IsComplete);
        Assert.Single(stretches.SelectMany(s => s.Calls ?? []));
    }

    [Fact]
    public void Append_TokensOfCalls_AreNotThoseOfTheText()
    {
        var assembler = new TextAssembler([], new ToolCallReader(s_hermes, s_names));
        var pieces = new List<GeneratedText>();
        foreach (var token in (string[])["Hi", " the", "re", " <tool", "_call>{\"name\":\"add\"", ",\"arguments\":{}}", "</tool_call>", "\n", "bye"])
        {
            var bytes = Encoding.UTF8.GetBytes(token);
            pieces.Add(assembler.Append(bytes, new TokenLogProbability(bytes, -1)));
        }

        pieces.Add(assembler.Finish());

        Assert.Equal("Hi there\nbye", string.Concat(pieces.Select(p => p.Text)));
        Assert.Equal("Hi there\nbye", string.Concat(pieces.SelectMany(p => p.Tokens ?? []).Select(t => Encoding.UTF8.GetString(t.Utf8Bytes.Span))));
        Assert.Equal("add", Assert.Single(pieces.SelectMany(p => p.Calls ?? [])).Name);
    }

    [Fact]
    public void Parse_Calls_HaveIdsThatMistralAccepts()
    {
        var calls = ToolCallParser.Parse("[{\"name\":\"a\"},{\"name\":\"b\"}]", null)!;

        Assert.Equal(2, calls.Select(c => c.CallId).Distinct().Count());
        Assert.All(calls, c => Assert.Matches("^[a-z0-9]{9}$", c.CallId));
    }

    private static (string Text, string Calls) Read(ToolCallFormat format, IEnumerable<string> pieces, bool isWhole = true)
    {
        var reader = new ToolCallReader(format, s_names);
        List<AnswerStretch> stretches = [.. pieces.SelectMany(reader.Append), .. reader.Finish(isWhole)];
        Assert.Equal(string.Concat(pieces), string.Concat(stretches.Select(s => s.Written)));
        var calls = stretches.SelectMany(s => s.Calls ?? []).ToList();
        Assert.Equal(calls.Count > 0, reader.HasCalls);
        return (string.Concat(stretches.Where(s => s.IsText).Select(s => s.Written)), string.Join(';', calls.Select(Spell)));
    }

    private static string Spell(FunctionCallContent call) =>
        $"{call.Name}{{{string.Join(',', call.Arguments!.Select(a => $"\"{a.Key}\":{((JsonElement)a.Value!).GetRawText()}"))}}}";

    private static ToolCallFormat Format(string name) => name switch
    {
        "hermes" => s_hermes,
        "mistral" => s_mistral,
        "newMistral" => s_newMistral,
        "phi" => s_phi,
        _ => s_llama,
    };
}
