using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Json.Schema;

namespace Microscale.Guard.Grammar.Tests;

public partial class JsonSchemaPropertyTests
{
    [GeneratedRegex(@"[0-9][0-9.]{15,}")]
    private static partial Regex LongNumber { get; }

    /// <summary>An independent validator decides. A value that is valid can be written, one that is not cannot.</summary>
    [Fact]
    public void Compile_RandomSchemas_AgreesWithAValidator() =>
        Gen.Select(RandomSchemas.Schema, RandomSchemas.Value.Array[12]).Sample(
            (schema, values) =>
            {
                var element = Parse(schema);
                var validator = JsonSchema.Build(element, new BuildOptions { SchemaRegistry = new SchemaRegistry() });
                var valid = values.Select(value => validator.Evaluate(Parse(value)).IsValid).ToList();
                SchemaUnderTest grammar;
                try
                {
                    grammar = new SchemaUnderTest(element);
                }
                catch (JsonSchemaException e) when (e.AllowsNothing)
                {
                    Assert.DoesNotContain(true, valid);
                    return;
                }
                catch (JsonSchemaException e)
                {
                    // The limits; every keyword of these schemas can be exact.
                    Assert.Contains("alternatives", e.Message, StringComparison.Ordinal);
                    return;
                }

                for (int i = 0; i < values.Length; i++)
                    Assert.True(Accepts(grammar, Parse(values[i])) is not { } accepts || accepts == valid[i], $"{schema} and {values[i]}: valid is {valid[i]}");
            },
            iter: 800);

    /// <summary>Whatever the grammar writes, read as JSON, is valid: texts are drawn from the masks.</summary>
    [Fact]
    public void Compile_RandomSchemas_WritesOnlyValidTexts() =>
        Gen.Select(RandomSchemas.Schema, Gen.Int.Array[60]).Sample(
            (schema, choices) =>
            {
                SchemaUnderTest grammar;
                try
                {
                    grammar = new SchemaUnderTest(schema);
                }
                catch (JsonSchemaException)
                {
                    return;
                }

                // The validator rounds long numbers to a double: it would take 40875333041817680.5 for an integer.
                if (grammar.Draw(choices) is not { } text || LongNumber.IsMatch(text)) return;
                var value = Parse(text);
                if (HasRepeatedKey(value)) return;
                var validator = JsonSchema.FromText(schema, new BuildOptions { SchemaRegistry = new SchemaRegistry() });
                Assert.True(IsValid(validator, value) is not false, $"{schema} writes {text}");
            },
            iter: 800);

    [Fact]
    public void Compile_RandomBounds_AreThoseOfDecimals() =>
        Gen.Select(s_decimal, s_decimal, Gen.Bool, Gen.Bool, s_decimal.Array[20]).Sample(
            (low, high, exclusiveLow, exclusiveHigh, numbers) =>
            {
                string schema = $$"""{"type":"number","{{(exclusiveLow ? "exclusiveMinimum" : "minimum")}}":{{low}},"{{(exclusiveHigh ? "exclusiveMaximum" : "maximum")}}":{{high}}}""";
                SchemaUnderTest? grammar = null;
                try
                {
                    grammar = new SchemaUnderTest(schema);
                }
                catch (JsonSchemaException e)
                {
                    Assert.True(e.AllowsNothing);
                }

                foreach (string number in numbers.Append(low).Append(high))
                {
                    decimal value = Decimal(number);
                    bool inside = (exclusiveLow ? value > Decimal(low) : value >= Decimal(low)) && (exclusiveHigh ? value < Decimal(high) : value <= Decimal(high));
                    Assert.True((grammar?.Accepts(number) ?? false) == inside, $"{number} under {schema}");
                }
            },
            iter: 800);

    private static readonly Gen<string> s_decimal = Gen.Select(Gen.Int[-1200, 1200], Gen.Int[0, 3], (digits, places) =>
    {
        decimal value = digits / (decimal)Math.Pow(10, places);
        return value == 0 ? "0" : value.ToString(CultureInfo.InvariantCulture);
    });

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Null where the spellings of the value are beyond the limits.</summary>
    private static bool? Accepts(SchemaUnderTest grammar, JsonElement value)
    {
        try
        {
            return grammar.AcceptsValue(value);
        }
        catch (JsonSchemaException e) when (e.Message.Contains("alternatives", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>Null where the validator cannot tell: it compares numbers as decimals and throws on those beyond their range.</summary>
    private static bool? IsValid(JsonSchema validator, JsonElement value)
    {
        try
        {
            return validator.Evaluate(value).IsValid;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static JsonElement Parse(string text) => JsonDocument.Parse(text).RootElement;

    private static bool HasRepeatedKey(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().GroupBy(property => property.Name).Any(group => group.Count() > 1)
            || value.EnumerateObject().Any(property => HasRepeatedKey(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasRepeatedKey),
        _ => false,
    };
}
