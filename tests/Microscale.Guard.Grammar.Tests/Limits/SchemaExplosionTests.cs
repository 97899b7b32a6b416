using System.Text.Json;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Schemas built to explode: each is followed for a while, or refused with an error that names a limit or a keyword.</summary>
public class SchemaExplosionTests
{
    private const int Steps = 200;

    public static TheoryData<string, string> Schemas => new()
    {
        { "nested arrays with bounds", Nest(12, inner => $$$"""{"type":"array","minItems":3,"maxItems":50,"items":{{{inner}}}}""", """{"type":"integer"}""") },
        { "nested bounds of strings", Nest(8, inner => $$$"""{"allOf":[{{{inner}}},{"pattern":"^(a|b){0,200}$"},{"maxLength":150}]}""", """{"type":"string"}""") },
        { "thousands of properties", $$$"""{"type":"object","properties":{ {{{Join(5000, i => $"\"p{i}\":{{\"type\":\"string\",\"maxLength\":{i + 1}}}")}}} },"additionalProperties":false}""" },
        { "thousands of required properties", $$$"""{"type":"object","properties":{ {{{Join(3000, i => $"\"p{i}\":{{}}")}}} },"required":[ {{{Join(3000, i => $"\"p{i}\"")}}} ]}""" },
        { "thousands of pattern properties", $$$"""{"type":"object","patternProperties":{ {{{Join(2000, i => $"\"^x{i}\":{{\"type\":\"integer\"}}")}}} }}""" },
        { "patterns that overlap", $$$"""{"type":"object","patternProperties":{ {{{Join(60, i => $"\"{(char)('a' + (i % 26))}.{{{i}}}\":{{\"minimum\":{i}}}")}}} }}""" },
        { "tens of thousands of constants", $$$"""{"enum":[ {{{Join(30_000, i => $"\"value {i}\"")}}} ]}""" },
        { "alternatives of alternatives", Nest(10, inner => $$$"""{"anyOf":[{{{inner}}},{"allOf":[{{{inner}}},{"minProperties":1}]}]}""", """{"type":"object"}""") },
        { "exactly one of overlapping ones", $$$"""{"oneOf":[ {{{Join(40, i => $"{{\"properties\":{{\"a{i}\":{{\"type\":\"string\"}}}}}}")}}} ]}""" },
        { "not of a product", $$$"""{"not":{"allOf":[ {{{Join(20, i => $"{{\"anyOf\":[{{\"required\":[\"a{i}\"]}},{{\"required\":[\"b{i}\"]}}]}}")}}} ]}}""" },
        { "dependencies in a circle", $$$"""{"dependentRequired":{ {{{Join(200, i => $"\"p{i}\":[\"p{(i + 1) % 200}\"]")}}} }}""" },
        { "recursion at every turn", """{"$ref":"#/$defs/a","$defs":{"a":{"type":"array","prefixItems":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/a"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"object","additionalProperties":{"$ref":"#/$defs/b"}}]}}}""" },
        { "recursion that must not end", """{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"next":{"$ref":"#/$defs/a"}},"required":["next"]}}}""" },
        { "a circle of references", """{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}""" },
        { "references that double", $$$"""{"$ref":"#/$defs/d0","$defs":{ {{{Join(40, i => $"\"d{i}\":{{\"type\":\"array\",\"prefixItems\":[{{\"$ref\":\"#/$defs/d{i + 1}\"}},{{\"$ref\":\"#/$defs/d{i + 1}\"}}],\"minItems\":2}}")}}},"d40":{"const":1} } }""" },
        { "an adversarial pattern", """{"type":"string","pattern":"^([ab]*a[ab]{18}|(a*)*b|(.*x){20})$","maxLength":1000}""" },
        { "huge bounds", """{"type":"array","minItems":1000000,"maxItems":2000000000,"items":{"type":"string","minLength":1000000}}""" },
        { "numbers of many digits", $$$"""{"type":"number","minimum":0.{{{new string('1', 300)}}},"maximum":1{{{new string('0', 300)}}},"multipleOf":0.000000000000000001}""" },
        { "contains of contains", Nest(6, inner => $$$"""{"type":"array","contains":{{{inner}}},"minContains":5,"maxContains":90}""", """{"const":1}""") },
        { "unique items of many", $$$"""{"type":"array","uniqueItems":true,"items":{"enum":[ {{{Join(64, i => $"{i}")}}} ]}}""" },
    };

    [Theory, MemberData(nameof(Schemas))]
    public void Compile_AdversarialSchema_StaysWithinLimits(string name, string schema)
    {
        try
        {
            var text = new SchemaUnderTest(JsonDocument.Parse(schema, new() { MaxDepth = 512 }).RootElement).Draw([.. Enumerable.Range(0, Steps).Select(i => i * 7)]);
            Assert.True(text is null || text.Length > 0, name);
        }
        catch (GrammarLimitException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
        catch (JsonSchemaException exception)
        {
            Assert.True(
                exception.Message.Contains(" at #", StringComparison.Ordinal) || exception.Message.Contains(nameof(GrammarLimits), StringComparison.Ordinal)
                    || exception.Message.StartsWith("No JSON value", StringComparison.Ordinal),
                exception.Message);
        }
    }

    private static string Nest(int depth, Func<string, string> wrap, string inner) => depth == 0 ? inner : wrap(Nest(depth - 1, wrap, inner));

    private static string Join(int count, Func<int, string> part) => string.Join(',', Enumerable.Range(0, count).Select(part));
}
