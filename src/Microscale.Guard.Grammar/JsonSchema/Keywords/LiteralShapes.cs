using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The keywords <c>enum</c> and <c>const</c>.</summary>
internal sealed class LiteralShapes(SchemaExprPool pool, ShapeAlgebra shapes)
{
    public Shape Of(IEnumerable<JsonElement> values, string keyword, string pointer)
    {
        bool none = false, yes = false, no = false;
        var numbers = new List<string>();
        var strings = new List<string>();
        var arrays = new List<ArrayAtom>();
        var objects = new List<ObjectAtom>();
        foreach (var value in values)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    none = true;
                    break;
                case JsonValueKind.True:
                    yes = true;
                    break;
                case JsonValueKind.False:
                    no = true;
                    break;
                case JsonValueKind.Number:
                    numbers.Add(JsonDecimal.Parse(value.GetRawText())?.ToString()
                        ?? throw new JsonSchemaException(keyword, pointer, $"{value.GetRawText()} has more than 400 digits"));
                    break;
                case JsonValueKind.String:
                    strings.Add(value.GetString()!);
                    break;
                case JsonValueKind.Array:
                    arrays.Add(OfArray(value, pointer));
                    break;
                default:
                    objects.Add(OfObject(value, pointer));
                    break;
            }
        }

        return new Shape(none, yes, no, TextSet.Of(numbers), TextSet.Of(strings), arrays, objects);
    }

    private ArrayAtom OfArray(JsonElement value, string pointer) => shapes.Arrays.Universal with
    {
        Prefix = [.. value.EnumerateArray().Select(item => pool.Literal(item, pointer))],
        Rest = pool.False,
        Min = value.GetArrayLength(),
        Max = value.GetArrayLength(),
    };

    private ObjectAtom OfObject(JsonElement value, string pointer) => shapes.Objects.Universal with
    {
        Slots = [.. value.EnumerateObject().Select(property => new PropertySlot(property.Name, pool.Literal(property.Value, pointer), true))],
        Regions = [],
    };
}
