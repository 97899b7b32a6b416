using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Tests.Verification;

public partial class SchemaVerifierTests
{
    private const string Schema =
        """
        {"type":"object","required":["name","year"],"additionalProperties":false,"properties":{
          "name":{"type":"string","minLength":2,"pattern":"^[A-Z]"},
          "year":{"type":["integer","null"],"minimum":1000},
          "kind":{"enum":["city","person"]},
          "tags":{"type":"array","maxItems":2,"uniqueItems":true,"items":{"$ref":"#/$defs/tag"}},
          "size":{"anyOf":[{"type":"number","exclusiveMinimum":0},{"const":"unknown"}]}},
         "$defs":{"tag":{"type":"string","maxLength":3}}}
        """;

    [Theory]
    [InlineData("""{"name":"Rome","year":1902}""", null)]
    [InlineData("""{"name":"Rome","year":null,"kind":"city","tags":["a","b"],"size":0.5}""", null)]
    [InlineData("""{"name":"Rome","year":2e3,"size":"unknown"}""", null)]
    [InlineData("Rome", "The answer is not JSON (line 1, byte 1).")]
    [InlineData("[]", "$ must be object.")]
    [InlineData("""{"name":"Rome"}""", "$ lacks year.")]
    [InlineData("""{"name":"Rome","year":1902,"more":1}""", "$.more is not allowed.")]
    [InlineData("""{"name":"R","year":1902}""", "$.name must have at least 2 characters.")]
    [InlineData("""{"name":"rome","year":1902}""", "$.name must match ^[A-Z].")]
    [InlineData("""{"name":"Rome","year":1.5}""", "$.year must be integer or null.")]
    [InlineData("""{"name":"Rome","year":19}""", "$.year must be at least 1000.")]
    [InlineData("""{"name":"Rome","year":1902,"kind":"town"}""", """$.kind must be one of ["city","person"].""")]
    [InlineData("""{"name":"Rome","year":1902,"tags":["a","b","c"]}""", "$.tags must have at most 2 items.")]
    [InlineData("""{"name":"Rome","year":1902,"tags":["a","a"]}""", "$.tags must not hold the same item twice.")]
    [InlineData("""{"name":"Rome","year":1902,"tags":["a","long"]}""", "$.tags[1] must have at most 3 characters.")]
    [InlineData("""{"name":"Rome","year":1902,"size":0}""", "$.size fits none of the allowed forms.")]
    public async Task Verify_Schema_NamesTheFirstRuleThatIsBroken(string answer, string? explanation)
    {
        var verifier = new SchemaVerifier(JsonElement.Parse(Schema));
        var findings = await verifier.VerifyAsync(Context(answer));
        Assert.All(findings, f => Assert.Equal(explanation, f?.Explanation));
        Assert.All(findings, f => Assert.Equal(explanation is null ? null : Verdict.Unverifiable, f?.Verdict));
    }

    [Theory]
    [InlineData("""{"Name":"Rome","Year":1902}""", null)]
    [InlineData("""{"Name":"Rome"}""", "$ lacks Year.")]
    [InlineData("""{"Name":"Rome","Year":"x"}""", "$.Year must be integer.")]
    [InlineData("""{"Name":"Rome","Year":99999999999}""", "The answer is no Place: $.Year cannot be read.")]
    [InlineData("""{"Name":"Rome","Year":-5}""", "The year is before our era.")]
    public async Task Verify_Type_ChecksSchemaReadingAndValue(string answer, string? explanation)
    {
        var verifier = SchemaVerifier.For(Json.Default.Place, p => p.Year < 0 ? "The year is before our era." : null);
        Assert.Equal([explanation, explanation], (await verifier.VerifyAsync(Context(answer))).Select(f => f?.Explanation));
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false}""", "unevaluatedProperties")]
    [InlineData("""{"properties":{"a":{"contains":{}}}}""", "#/properties/a/contains")]
    [InlineData("""{"$ref":"https://example.org/x"}""", "$ref")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "#/$defs/none")]
    [InlineData("""{"pattern":"("}""", "pattern")]
    [InlineData("3", "#")]
    public void Create_RuleThatIsNotRead_IsRefusedByName(string schema, string named) => Assert.Contains(
        named, Assert.Throws<NotSupportedException>(() => new SchemaVerifier(JsonElement.Parse(schema))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Verify_SchemaThatRefersToItself_Ends()
    {
        var verifier = new SchemaVerifier(JsonElement.Parse("""{"$ref":"#"}"""));
        Assert.Equal("$ is nested too deeply.", (await verifier.VerifyAsync(Context("1")))[0]!.Explanation);
    }

    private static VerificationContext Context(string answer) => new([new Claim("a", 0, 1), new Claim("b", 0, 1)], [], "") { Answer = answer };

    internal sealed record Place
    {
        public required string Name { get; init; }

        public required int Year { get; init; }
    }

    [JsonSerializable(typeof(Place))]
    internal sealed partial class Json : JsonSerializerContext;
}
