using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>The schemas that <c>GetResponseAsync&lt;T&gt;</c> makes of types: what .NET writes of a value must be writable, and what it
/// could not read back must not be.</summary>
public class DotNetTypeTests
{
    /// <summary>Nulls are written: the schemas require all members.</summary>
    private static readonly JsonSerializerOptions s_options = new(AIJsonUtilities.DefaultOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public enum Size
    {
        Small,
        Large,
    }

    public static TheoryData<Type, object, string[]> Values => new()
    {
        { typeof(Address), new Address("High Street", 12), ["""{"street":"High Street"}""", """{"street":7,"number":12}""", "[]"] },
        { typeof(Address), new Address("High Street", null), ["""{"street":null,"number":null}"""] },
        { typeof(Order), new Order(7, [new("Mill Lane", 1)], new() { ["blue"] = 2.5m }, Size.Large), ["""{"id":7,"to":[],"parts":{"blue":"two"},"size":0}"""] },
        { typeof(DateTimeOffset), new DateTimeOffset(2024, 2, 29, 12, 30, 0, TimeSpan.Zero), ["\"yesterday\"", "\"2023-02-29T12:30:00Z\""] },
        { typeof(DateOnly), new DateOnly(2024, 2, 29), ["\"2023-02-29\""] },
        { typeof(TimeSpan), TimeSpan.FromHours(26.5), ["\"2 hours\""] },
        { typeof(Guid), Guid.Empty, ["\"0\""] },
        { typeof(Uri), new Uri("https://example.org/a"), ["7"] },
        { typeof(Node), new Node("root", [new("leaf", [])]), ["""{"name":"root","children":[{"name":1,"children":[]}]}"""] },
        { typeof(Shape), new Circle(2), ["""{"$type":"triangle"}""", """{"$type":"square","radius":2}"""] },
        { typeof(Shape), new Square(3), ["""{"$type":"circle","side":3}"""] },
        { typeof(List<int>), new List<int> { 1, 2, 3 }, ["[1.5]", """["1,"]""", "{}"] },
        { typeof(Dictionary<string, Size?>), new Dictionary<string, Size?> { ["a"] = Size.Small, ["b"] = null }, ["""{"a":"Medium"}"""] },
        { typeof(bool[]), new[] { true, false }, ["[1]", "[null]"] },
        { typeof((int, string)?), null!, ["1"] },
    };

    [Theory, MemberData(nameof(Values))]
    public void Compile_SchemaOfAType_WritesItsValuesAndNoOthers(Type type, object? value, string[] wrong)
    {
        var schema = new SchemaUnderTest(AIJsonUtilities.CreateJsonSchema(type, serializerOptions: s_options));

        var text = JsonSerializer.Serialize(value, type, s_options);
        Assert.True(schema.AcceptsValue(JsonElement.Parse(text)), $"{text} under {AIJsonUtilities.CreateJsonSchema(type, serializerOptions: s_options)}");
        Assert.All(wrong, w => Assert.False(schema.AcceptsValue(JsonElement.Parse(w)), w));
    }

    /// <summary>The schema that .NET makes of it has the format time, which has an offset (RFC 3339), and .NET reads no time with one:
    /// docs/json-schema.md says what to do instead.</summary>
    [Fact]
    public void Compile_SchemaOfTimeOnly_IsWhatItsFormatSays()
    {
        var schema = new SchemaUnderTest(AIJsonUtilities.CreateJsonSchema(typeof(TimeOnly)));

        Assert.False(schema.Accepts("\"12:30:00\""));
        Assert.True(schema.Accepts("\"12:30:00Z\""));
    }

    public sealed record Address(string Street, int? Number);

    public sealed record Order(long Id, IReadOnlyList<Address> To, Dictionary<string, decimal> Parts, Size Size);

    public sealed record Node(string Name, IReadOnlyList<Node> Children);

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;

    public sealed record Square(double Side) : Shape;
}
