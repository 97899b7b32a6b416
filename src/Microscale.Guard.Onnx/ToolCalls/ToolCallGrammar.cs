using System.Text.Json;
using System.Text.Json.Nodes;
using Microscale.Guard.Grammar;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>The grammar of answers that may call tools: calls with arguments that are valid under the schemas of the tools, and beside
/// them what else the answer may be.</summary>
/// <param name="request">The tools, and what of them is asked for.</param>
/// <param name="marks">The marks of calls.</param>
internal sealed class ToolCallGrammar(ToolRequest request, CallMarks marks)
{
    private readonly List<string> _warnings = [];

    /// <summary>Names that a call in bare JSON begins with; other JSON is text.</summary>
    private const string BareStart = """[ \t\r\n]*\[?[ \t\r\n]*\{[ \t\r\n]*"(name|type|function|parameters|arguments)"[^]*""";

    /// <summary>A schema that cannot be exact must not take the tool away: what it cannot say is dropped.</summary>
    private static readonly JsonSchemaGrammarOptions s_lenient = new() { Lenient = true };

    private static readonly JsonElement s_anyArguments = JsonElement.Parse("""{"type":"object"}""");

    private ToolCallFormat Format => request.Format;

    /// <summary>What tells the grammar from those of other requests.</summary>
    public string Key => string.Join('\n', [
        $"calls {request.IsRequired} {request.IsSingle}",
        .. request.Tools.Select(t => $"{JsonSerializer.Serialize(t.Name, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(string)))} {JsonSchemaGrammar.KeyOf(Arguments(t), s_lenient)}")]);

    /// <summary>What the schemas say and the grammar does not, once it is compiled.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Makes the grammar.</summary>
    /// <param name="answer">What the answer may be in place of calls; null for any text, also around them.</param>
    public GrammarDefinition Define(GrammarDefinition? answer) => new(builder =>
        request.IsRequired ? Calls(builder)
        : answer is not null ? builder.Choice(answer.Build(builder), Calls(builder))
        : Conversation(builder));

    /// <summary>Calls and nothing else.</summary>
    public GrammarDefinition DefineCalls() => new(Calls);

    /// <summary>Text in which calls stand.</summary>
    private GrammarNode Conversation(GrammarBuilder builder)
    {
        var regexes = builder.Regexes;
        var text = Format.Start is null
            ? regexes.AnyText
            : regexes.Except(regexes.AnyText, regexes.Concat(regexes.AnyText, regexes.Literal(Format.Start), regexes.AnyText));
        if (!Format.MayBeBare)
        {
            var endsWithCalls = Format.IsList || Format.End is null;
            var rest = endsWithCalls ? builder.Empty : builder.Terminal(text);
            var times = endsWithCalls || request.IsSingle ? 1 : RegexNode.Unbounded;
            return builder.Sequence(builder.Terminal(text), builder.Repeat(builder.Sequence(Calls(builder), rest), 0, times));
        }

        var plain = builder.Terminal(regexes.Except(text, regexes.Parse(BareStart, RegexMatch.Whole)));
        return builder.Choice(Bare(builder), Format.Start is null ? plain : builder.Sequence(plain, builder.Optional(builder.Sequence(Mark(builder, Format.Start), Bare(builder)))));
    }

    private GrammarNode Calls(GrammarBuilder builder)
    {
        if (Format.MayBeBare)
        {
            return Format.Start is null ? Bare(builder) : builder.Sequence(builder.Optional(Mark(builder, Format.Start)), Bare(builder));
        }

        var start = Mark(builder, Format.Start!);
        if (Format.IsMarked)
        {
            return Separated(builder, builder.Sequence(start, Call(builder)), builder.Empty);
        }

        var end = Format.End is null ? builder.Empty : Mark(builder, Format.End);
        if (Format.IsList)
        {
            // Some models leave the end out: their answer ends with the list.
            return builder.Sequence(start, builder.Literal("["), Separated(builder, Call(builder), builder.Literal(", ")), builder.Literal("]"), builder.Optional(end));
        }

        var line = builder.Optional(builder.Literal("\n"));
        return Separated(builder, builder.Sequence(start, line, Call(builder), line, end), line);
    }

    private GrammarNode Bare(GrammarBuilder builder) => Separated(builder, Call(builder), builder.Literal("; "));

    /// <summary>One call or, if more are allowed, several.</summary>
    private GrammarNode Separated(GrammarBuilder builder, GrammarNode call, GrammarNode separator) =>
        request.IsSingle ? call : builder.Sequence(call, builder.Repeat(builder.Sequence(separator, call), 0));

    /// <summary>A call of one of the tools.</summary>
    private GrammarNode Call(GrammarBuilder builder) => builder.Choice([.. request.Tools.Select(tool => Call(builder, tool))]);

    private GrammarNode Call(GrammarBuilder builder, AIFunctionDeclaration tool)
    {
        var arguments = ArgumentsNode(builder, tool);
        if (Format.IsMarked)
        {
            var regexes = builder.Regexes;
            var id = builder.Sequence(Mark(builder, ToolCallFormat.CallIdMark), builder.Terminal(regexes.Parse("[A-Za-z0-9]{9}", RegexMatch.Whole)));
            return builder.Sequence(builder.Literal(tool.Name), builder.Optional(id), Mark(builder, ToolCallFormat.ArgumentsMark), arguments);
        }

        var name = JsonValue.Create(tool.Name).ToJsonString();
        return builder.Sequence(builder.Literal($"{{\"name\": {name}, \"{Format.ArgumentsKey}\": "), arguments, builder.Literal("}"));
    }

    private GrammarNode ArgumentsNode(GrammarBuilder builder, AIFunctionDeclaration tool)
    {
        try
        {
            return JsonSchemaGrammar.Define(Arguments(tool), s_lenient, w => _warnings.Add($"{tool.Name}: {w}")).Build(builder);
        }
        catch (JsonSchemaException exception)
        {
            _warnings.Add($"{tool.Name}: any arguments are allowed; {exception.Message}");
            return JsonSchemaGrammar.Define(s_anyArguments).Build(builder);
        }
    }

    /// <summary>The schema of a tool; arguments are an object, whether it says so or not.</summary>
    private static JsonElement Arguments(AIFunctionDeclaration tool)
    {
        var schema = tool.JsonSchema;
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return s_anyArguments;
        }

        if (schema.TryGetProperty("type", out _))
        {
            return schema;
        }

        var typed = JsonObject.Create(schema)!;
        typed["type"] = "object";
        return JsonElement.Parse(typed.ToJsonString());
    }

    private GrammarNode Mark(GrammarBuilder builder, string mark) => builder.Terminal(builder.Regexes.Literal(marks.Spell(mark)));
}
