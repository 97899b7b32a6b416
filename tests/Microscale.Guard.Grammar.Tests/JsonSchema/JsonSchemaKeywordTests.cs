namespace Microscale.Guard.Grammar.Tests;

public class JsonSchemaKeywordTests
{
    /// <summary>A schema, a text that it allows and one that it does not.</summary>
    [Theory]
    // Types.
    [InlineData("""{"type":"null"}""", "null", "0")]
    [InlineData("""{"type":["boolean","null"]}""", "true", "\"true\"")]
    [InlineData("""{"type":"integer"}""", "-12", "1.0")]
    [InlineData("""{"type":"number"}""", "-1.5e3", "01")]
    [InlineData("""{"type":"string"}""", "\"a\\n\\u0001é\"", "\"a\nb\"")]
    [InlineData("""{"type":"array"}""", "[1,\"a\",[{}]]", "{}")]
    [InlineData("""{"type":"object"}""", """{"a":{"b":[]}}""", "[]")]
    [InlineData("true", """{"a":[1,null]}""", "{a:1}")]
    // Constants.
    [InlineData("""{"enum":["a",1.50,null,[1,{"x":true}]]}""", """[1,{"x":true}]""", """[1,{"x":false}]""")]
    [InlineData("""{"enum":["a\"b","c"]}""", "\"a\\\"b\"", "\"a\"")]
    [InlineData("""{"const":{"a":1,"b":[]}}""", """{"a":1,"b":[]}""", """{"a":1}""")]
    [InlineData("""{"enum":[1,2,"3"],"type":"integer","minimum":2}""", "2", "1")]
    // Numbers.
    [InlineData("""{"type":"integer","minimum":-5,"maximum":120}""", "-5", "-6")]
    [InlineData("""{"type":"integer","minimum":-5,"maximum":120}""", "120", "121")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"maximum":1}""", "0.001", "0")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"maximum":1}""", "1.00", "1.01")]
    [InlineData("""{"type":"number","exclusiveMaximum":-2.5}""", "-2.51", "-2.5")]
    [InlineData("""{"type":"number","minimum":3,"exclusiveMinimum":true}""", "3.5", "3")]
    [InlineData("""{"type":"integer","multipleOf":7}""", "-49", "50")]
    [InlineData("""{"type":"number","multipleOf":0.01,"minimum":1}""", "12.25", "12.255")]
    // Strings.
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", "\"é😀\"", "\"abcd\"")]
    [InlineData("""{"type":"string","pattern":"b+"}""", "\"abbc\"", "\"ac\"")]
    [InlineData("""{"type":"string","pattern":"^[a-z]+$","maxLength":3}""", "\"abc\"", "\"abcd\"")]
    // Arrays.
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1, 2]", "[1,2,3]")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1}""", "[1]", "[]")]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"null"}],"items":false}""", "[\"a\",null]", "[\"a\",null,1]")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":{"type":"null"}}""", "[\"a\",null,null]", "[null]")]
    [InlineData("""{"items":[{"type":"string"}],"additionalItems":{"type":"null"}}""", "[\"a\",null]", "[\"a\",1]")]
    [InlineData("""{"type":"array","contains":{"type":"null"}}""", "[1,null,2]", "[1,2]")]
    [InlineData("""{"type":"array","contains":{"type":"null"},"minContains":2,"maxContains":3}""", "[null,1,null]", "[null]")]
    [InlineData("""{"type":"array","contains":{"type":"null"},"maxContains":1}""", "[1,null]", "[null,null]")]
    [InlineData("""{"items":{"enum":["a","ab","b",1,12]},"type":"array","uniqueItems":true}""", "[\"ab\",\"a\",12,1]", "[\"a\",1,\"a\"]")]
    [InlineData("""{"prefixItems":[{"type":"boolean"},{"type":"boolean"}],"items":false,"uniqueItems":true}""", "[true,false]", "[true,true]")]
    // Objects.
    [InlineData("""{"properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"],"additionalProperties":false,"type":"object"}""", """{"a": 1, "b": "x"}""", """{"b":"x"}""")]
    [InlineData("""{"properties":{"a":{"type":"integer"},"b":{"type":"string"}},"additionalProperties":false}""", "{}", """{"b":"x","a":1}""")]
    [InlineData("""{"properties":{"a":{"type":"integer"}},"required":["z"]}""", """{"a":1,"z":null,"q":[]}""", """{"a":1,"z":null,"a":"x"}""")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":{"type":"null"}}""", """{"a":1,"b":null}""", """{"b":1}""")]
    [InlineData("""{"patternProperties":{"^x":{"type":"integer"},"y$":{"minimum":5}},"additionalProperties":false}""", """{"x":1,"y":"a","xy":5}""", """{"xy":4}""")]
    [InlineData("""{"type":"object","propertyNames":{"pattern":"^[a-z]+$"}}""", """{"abc":1}""", """{"Abc":1}""")]
    [InlineData("""{"type":"object","minProperties":2,"maxProperties":3}""", """{"a":1,"b":2}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":{},"b":{},"c":{}},"additionalProperties":false,"maxProperties":2}""", """{"a":1,"c":2}""", """{"a":1,"b":2,"c":3}""")]
    [InlineData("""{"properties":{"a":{},"b":{},"c":{}},"additionalProperties":false,"minProperties":2,"type":"object"}""", """{"b":1,"c":2}""", """{"c":2}""")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"dependencies":{"a":["b"],"c":{"minProperties":2}}}""", """{"c":1,"d":2}""", """{"c":1}""")]
    [InlineData("""{"dependentSchemas":{"a":{"properties":{"b":{"type":"null"}},"required":["b"]}}}""", """{"a":1,"b":null}""", """{"a":1,"b":2}""")]
    // Combinations.
    [InlineData("""{"allOf":[{"minimum":3},{"maximum":5}],"type":"integer"}""", "4", "6")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string","maxLength":1}]}""", "\"a\"", "\"ab\"")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2,"type":"number"}]}""", "2.5", "3")]
    [InlineData("""{"oneOf":[{"required":["a"]},{"required":["b"]}],"type":"object"}""", """{"b":1}""", """{"a":1,"b":1}""")]
    [InlineData("""{"not":{"type":"string"}}""", "1", "\"a\"")]
    [InlineData("""{"type":"string","not":{"pattern":"^ab"}}""", "\"a\"", "\"abc\"")]
    [InlineData("""{"type":"object","not":{"properties":{"a":{"type":"string"}},"required":["a"]}}""", """{"a":1}""", """{"a":"x"}""")]
    [InlineData("""{"type":"array","not":{"items":{"type":"integer"}}}""", "[1,null]", "[1,2]")]
    [InlineData("""{"if":{"properties":{"k":{"const":1}},"required":["k"]},"then":{"required":["x"]},"else":{"required":["y"]}}""", """{"k":1,"x":0}""", """{"k":1,"y":0}""")]
    [InlineData("""{"properties":{"a":true},"unevaluatedProperties":false,"anyOf":[{"properties":{"b":{"const":1}},"required":["b"]},true]}""", """{"a":1,"b":1}""", """{"a":1,"b":2}""")]
    [InlineData("""{"prefixItems":[true],"contains":{"type":"string"},"unevaluatedItems":false}""", "[1,\"a\"]", "[1,\"a\",2]")]
    // References.
    [InlineData("""{"$ref":"#/$defs/t","$defs":{"t":{"properties":{"v":{"type":"integer"},"next":{"$ref":"#/$defs/t"}},"required":["v"],"type":"object","additionalProperties":false}}}""", """{"v":1,"next":{"v":2,"next":{"v":3}}}""", """{"v":1,"next":{"next":{"v":3}}}""")]
    [InlineData("""{"$ref":"#here","$defs":{"x":{"$anchor":"here","type":"null"}}}""", "null", "1")]
    [InlineData("""{"$id":"https://e.org/a/","$ref":"b","$defs":{"x":{"$id":"b","type":"null"}}}""", "null", "1")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/x","type":"string","definitions":{"x":{"type":"null"}}}""", "null", "\"a\"")]
    [InlineData("""{"$ref":"#/$defs/a","minimum":3,"$defs":{"a":{"type":"integer"}}}""", "3", "2")]
    public void Compile_Keyword_AllowsAndForbids(string schema, string allowed, string forbidden)
    {
        var grammar = new SchemaUnderTest(schema);
        Assert.True(grammar.Accepts(allowed), allowed);
        Assert.False(grammar.Accepts(forbidden), forbidden);
    }

    [Theory]
    [InlineData("date", "2024-02-29", "2023-02-29")]
    [InlineData("date", "2000-02-29", "1900-02-29")]
    [InlineData("date", "2023-11-30", "2023-11-31")]
    [InlineData("time", "23:59:60Z", "12:00:60Z")]
    [InlineData("date-time", "2024-01-02T03:04:05.6+07:00", "2024-01-02 03:04:05Z")]
    [InlineData("duration", "P1Y2M3DT4H5M6S", "P1YT")]
    [InlineData("duration", "P3W", "P1Y2W")]
    [InlineData("email", "a.b+c@example.org", "a..b@example.org")]
    [InlineData("hostname", "a-b.example", "-a.example")]
    [InlineData("ipv4", "192.168.0.255", "192.168.0.256")]
    [InlineData("ipv6", "1::d6:192.168.0.1", "1::2::3")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9")]
    [InlineData("uuid", "2EB8AA08-AA98-11EA-B4AA-73B441D16380", "2eb8aa08-aa98-11ea-b4aa73b441d16380")]
    [InlineData("uri", "http://u@example.org:80/a/b?c=d#e", "//example.org/a")]
    [InlineData("uri", "urn:isbn:1", "http://a b")]
    [InlineData("json-pointer", "/a~0b/c", "/a~2")]
    public void Compile_Format_IsThatOfItsStandard(string format, string allowed, string forbidden)
    {
        var grammar = new SchemaUnderTest($$"""{"type":"string","format":"{{format}}"}""");
        Assert.True(grammar.Accepts($"\"{allowed}\""), allowed);
        Assert.False(grammar.Accepts($"\"{forbidden}\""), forbidden);
    }

    [Fact]
    public void Compile_Hostname_HasAtMost253Characters()
    {
        var grammar = new SchemaUnderTest("""{"type":"string","format":"hostname"}""");
        string label = new string('a', 62) + ".";
        Assert.True(grammar.Accepts($"\"{label}{label}{label}{label}a\""));
        Assert.False(grammar.Accepts($"\"{label}{label}{label}{label}ab\""));
    }

    [Theory]
    [InlineData(JsonWhitespace.Compact, """{"a": [1, 2]}""", """{ "a":[1,2]}""")]
    [InlineData(JsonWhitespace.Compact, """{"a":[1,2]}""", "{\"a\":[1,  2]}")]
    [InlineData(JsonWhitespace.None, """{"a":[1,2]}""", """{"a": [1,2]}""")]
    [InlineData(JsonWhitespace.Flexible, "{\n  \"a\" : [ 1\t, 2 ]\n}", "{\n    \"a\":[1,2]}")]
    [InlineData(JsonWhitespace.Flexible, "{\"a\":[ ]}", " {\"a\":[]}")]
    public void Compile_Whitespace_IsThatOfTheOptions(JsonWhitespace whitespace, string allowed, string forbidden)
    {
        var grammar = new SchemaUnderTest("""{"properties":{"a":{"items":{"type":"integer"}}}}""",
            new JsonSchemaGrammarOptions { Whitespace = whitespace, MaxWhitespace = 3 });
        Assert.True(grammar.Accepts(allowed), allowed);
        Assert.False(grammar.Accepts(forbidden), forbidden);
    }

    [Fact]
    public void Compile_ManyOptionalProperties_StaysSmall()
    {
        string properties = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"p{i}\":{{\"type\":\"integer\"}}"));
        var grammar = new SchemaUnderTest($"{{\"properties\":{{{properties}}},\"additionalProperties\":false}}");
        Assert.True(grammar.Accepts("""{"p3":1,"p1999":2}"""));
        Assert.False(grammar.Accepts("""{"p1999":2,"p3":1}"""));
    }
}
