using System.Text.Json;

namespace Microscale.Guard.Grammar.Tests;

public class JsonSchemaErrorTests
{
    [Theory]
    [InlineData("""{"properties":{"a":{"type":"any"}}}""", "type", "/properties/a")]
    [InlineData("""{"items":{"$ref":"#/$defs/none"}}""", "$ref", "/items")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "$ref", "")]
    [InlineData("""{"$ref":"#"}""", "$ref", "")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"}]}}}""", "$ref", "/allOf/0")]
    [InlineData("""{"minLength":-1}""", "minLength", "")]
    [InlineData("""{"minItems":"2"}""", "minItems", "")]
    [InlineData("""{"minimum":"2"}""", "minimum", "")]
    [InlineData("""{"multipleOf":0}""", "multipleOf", "")]
    [InlineData("""{"multipleOf":1.23456789012345678901}""", "multipleOf", "")]
    [InlineData("""{"pattern":"("}""", "pattern", "")]
    [InlineData("""{"patternProperties":{"(a)\\1":{}}}""", "patternProperties", "")]
    [InlineData("""{"required":true}""", "required", "")]
    [InlineData("""{"properties":{"a/b":{"enum":{}}}}""", "enum", "/properties/a~1b")]
    [InlineData("""{"anyOf":{}}""", "anyOf", "")]
    [InlineData("""{"items":[1]}""", "schema", "/items/0")]
    [InlineData("""{"properties":{"a":{"items":{"type":"string"},"uniqueItems":true}}}""", "uniqueItems", "/properties/a")]
    [InlineData("""{"not":{"uniqueItems":true}}""", "uniqueItems", "/not")]
    [InlineData("""{"$dynamicRef":"#a","$defs":{"x":{"$dynamicAnchor":"a"},"y":{"$id":"y","$dynamicAnchor":"a"}}}""", "$dynamicRef", "")]
    public void Compile_WhatCannotBe_NamesKeywordAndPlace(string schema, string keyword, string place)
    {
        var error = Assert.Throws<JsonSchemaException>(() => new SchemaUnderTest(schema));
        Assert.Equal((keyword, place), (error.Keyword, error.JsonPointer));
        Assert.Contains($"{keyword} at #{place}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("""{"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":4}""")]
    [InlineData("""{"type":"object","required":["a"],"properties":{"a":{"type":"string","enum":[1]}}}""")]
    [InlineData("""{"$ref":"#/$defs/t","$defs":{"t":{"type":"object","required":["t"],"properties":{"t":{"$ref":"#/$defs/t"}}}}}""")]
    public void Compile_NoValue_Throws(string schema) =>
        Assert.Contains("No JSON value", Assert.Throws<JsonSchemaException>(() => new SchemaUnderTest(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_Lenient_DropsWithAWarning()
    {
        var grammar = new SchemaUnderTest("""{"items":{"type":"string","pattern":"(a)\\1"},"uniqueItems":true,"type":"array"}""", new() { Lenient = true });
        Assert.True(grammar.Accepts("""["x","x"]"""));
        Assert.False(grammar.Accepts("[1]"));
        Assert.Equal(2, grammar.Warnings.Count);
        Assert.Contains(grammar.Warnings, warning => warning.StartsWith("pattern at #/items: dropped", StringComparison.Ordinal));
        Assert.Contains(grammar.Warnings, warning => warning.StartsWith("uniqueItems at #: dropped", StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_UnknownFormat_Warns() =>
        Assert.Contains("'path' is not known", Assert.Single(new SchemaUnderTest("""{"format":"path"}""").Warnings), StringComparison.Ordinal);

    [Fact]
    public void Compile_FormatsAsAnnotations_ConstrainNothing() =>
        Assert.True(new SchemaUnderTest("""{"format":"date"}""", new() { Formats = JsonFormats.Annotate }).Accepts("\"x\""));

    [Fact]
    public void Compile_Explosion_IsRefused()
    {
        // 2^20 alternatives.
        string parts = string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"anyOf":[{"required":["a{{i}}"]},{"required":["b{{i}}"]}]}"""));
        var error = Assert.Throws<JsonSchemaException>(() => new SchemaUnderTest($$"""{"type":"object","allOf":[{{parts}}]}"""));
        Assert.Contains("alternatives", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_TooManySubschemas_IsRefused() =>
        Assert.Contains("MaxSubschemas", Assert.Throws<JsonSchemaException>(
            () => new SchemaUnderTest("""{"anyOf":[true,{},true]}""", new() { MaxSubschemas = 3 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_LongChainOfReferences_IsRefused()
    {
        string chain = string.Join(',', Enumerable.Range(0, 5000).Select(i => $$"""
            "d{{i}}":{"$ref":"#/$defs/d{{i + 1}}"}
            """));
        Assert.Throws<JsonSchemaException>(() => new SchemaUnderTest($$$"""{"$ref":"#/$defs/d0","$defs":{{{{chain}}},"d5000":true}}"""));
    }

    [Fact]
    public void Compile_HugeBounds_EndWithinLimits()
    {
        try
        {
            Assert.True(new SchemaUnderTest("""{"type":"array","items":{"type":"array","maxItems":1000000},"maxItems":1000000}""").Accepts("[[1],[]]"));
        }
        catch (JsonSchemaException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    [Fact]
    public void Validate_OptionOutOfRange_NamesIt() =>
        Assert.Contains("MaxWhitespace", Assert.Throws<ArgumentException>(() => new SchemaUnderTest("true", new() { MaxWhitespace = 0 })).Message, StringComparison.Ordinal);

    [Fact]
    public void KeyOf_AnnotationsAndOrderOfKeywords_DoNotMatter()
    {
        string key = Key("""{"type":"object","properties":{"a":{"type":"null"},"b":{}}}""");
        Assert.Equal(key, Key("""{ "title":"x", "properties":{"a":{"description":"d","type":"null"},"b":{}}, "type":"object" }"""));
        Assert.NotEqual(key, Key("""{"type":"object","properties":{"b":{},"a":{"type":"null"}}}"""));
        Assert.NotEqual(key, Key("""{"type":"object","properties":{"a":{"type":"null"},"b":{},"title":{}}}"""));
        Assert.NotEqual(key, JsonSchemaGrammar.KeyOf(
            JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"null"},"b":{}}}""").RootElement, new() { Whitespace = JsonWhitespace.None }));

        static string Key(string schema) => JsonSchemaGrammar.KeyOf(JsonDocument.Parse(schema).RootElement);
    }
}
