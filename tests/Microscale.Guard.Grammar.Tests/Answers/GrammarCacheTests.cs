using System.Text.Json;

namespace Microscale.Guard.Grammar.Tests;

public class GrammarCacheTests
{
    private static readonly TokenVocabulary s_bytes =
        new([.. Enumerable.Range(0, 256).Select(b => (ReadOnlyMemory<byte>)new[] { (byte)b }), ReadOnlyMemory<byte>.Empty], [256]);

    private readonly GrammarCache _cache = new(() => s_bytes);

    [Fact]
    public void Compile_SchemaWithOtherDescriptions_IsTheSameGrammar() =>
        Assert.Same(Compile("""{"type":"null"}"""), Compile("""{ "description":"x", "type":"null" }"""));

    [Fact]
    public void Compile_ManySchemas_ForgetsTheOldest()
    {
        var first = Compile("""{"const":-1}""");
        for (var i = 0; i < 64; i++)
        {
            Compile($$"""{"const":{{i}}}""");
        }

        Assert.NotSame(first, Compile("""{"const":-1}"""));
        Assert.Same(Compile("""{"const":63}"""), Compile("""{"const":63}"""));
    }

    [Fact]
    public void Compile_SameDefinition_IsTheSameGrammar()
    {
        var definition = GrammarDefinition.FromChoices(["a"]);
        Assert.Same(_cache.Compile(definition), _cache.Compile(definition));
    }

    private ChatGrammar Compile(string schema) => _cache.Compile(JsonElement.Parse(schema));
}
