using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>Sees cheaply that many sets are empty, such as a property that had to be two constants at once.</summary>
internal sealed class SketchPad
{
    /// <summary>Keywords that a sketch leaves out.</summary>
    private static readonly HashSet<string> s_leftOut = new(StringComparer.Ordinal)
    {
        "$dynamicRef", "not", "if", "then", "else", "dependencies", "dependentSchemas", "dependentRequired",
        "properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames",
        "required", "minProperties", "maxProperties", "items", "prefixItems", "additionalItems", "unevaluatedItems",
        "contains", "minItems", "maxItems", "uniqueItems",
    };

    private readonly Dictionary<int, Sketch> _known = [];
    private readonly Dictionary<int, bool> _empty = [];
    private readonly HashSet<int> _open = [];
    private readonly SchemaExprPool _pool;
    private readonly SchemaDocument _document;
    private readonly ScalarKeywords _scalars;
    private readonly TextAlgebra _numbers;
    private readonly TextAlgebra _strings;
    private readonly CompileContext _context;
    private readonly Sketch _everything;
    private readonly Sketch _nothing;
    private int _cuts;

    public SketchPad(SchemaExprPool pool, SchemaDocument document, ScalarKeywords scalars, TextAlgebra numbers, TextAlgebra strings, CompileContext context)
    {
        _pool = pool;
        _document = document;
        _scalars = scalars;
        _numbers = numbers;
        _strings = strings;
        _context = context;
        _everything = new Sketch(true, true, true, numbers.Everything, strings.Everything, true, true, true);
        _nothing = new Sketch(false, false, false, numbers.Nothing, strings.Nothing, false, false, true);
    }

    /// <summary>Whether a set is seen to be empty; one that is not may still be.</summary>
    public bool IsEmpty(SchemaExpr expr)
    {
        if (expr.Kind == ExprKind.False) return true;
        if (expr.Kind == ExprKind.True) return false;
        if (_empty.TryGetValue(expr.Id, out bool empty)) return empty;
        var sketch = Of(expr);
        empty = !sketch.Null && !sketch.True && !sketch.False && !sketch.Arrays && !sketch.Objects
            && _numbers.IsEmpty(sketch.Numbers) && _strings.IsEmpty(sketch.Strings);
        return _empty[expr.Id] = empty;
    }

    private Sketch Of(SchemaExpr expr)
    {
        if (_known.TryGetValue(expr.Id, out var known)) return known;
        RecursionGuard.Check();
        _context.Spend(1, expr.Pointer);
        if (!_open.Add(expr.Id))
        {
            _cuts++;
            return _everything with { Exact = false };
        }

        int cuts = _cuts;
        var sketch = expr.Kind switch
        {
            ExprKind.True => _everything,
            ExprKind.False => _nothing,
            ExprKind.Literal => OfLiteral(expr.Literal),
            ExprKind.Not => Not(Of(expr.Operands[0])),
            ExprKind.And => expr.Operands.Aggregate(_everything, (all, operand) => And(all, Of(operand))),
            ExprKind.Or => expr.Operands.Aggregate(_nothing, (all, operand) => Or(all, Of(operand))),
            _ => OfLeaf(expr.Node!),
        };
        _open.Remove(expr.Id);
        // Within a recursion that was cut, a sketch is larger than it could be.
        if (cuts == _cuts || _open.Count == 0) _known[expr.Id] = sketch;
        return sketch;
    }

    private Sketch OfLeaf(SchemaNode node)
    {
        if (node.Resource.Dialect != SchemaDialect.Draft2020 && node.TryGet("$ref", out var only)) return OfReference(node, only);

        var types = ScalarKeywords.Types(node);
        var sketch = new Sketch(
            types.Contains("null"), types.Contains("boolean"), types.Contains("boolean"),
            _scalars.Numbers(node, types), _scalars.Strings(node, types),
            types.Contains("array"), types.Contains("object"), true);
        bool exact = true;
        foreach (var property in node.Element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "enum" when property.Value.ValueKind == JsonValueKind.Array:
                    sketch = And(sketch, property.Value.EnumerateArray().Aggregate(_nothing, (all, value) => Or(all, OfLiteral(value))));
                    break;
                case "const":
                    sketch = And(sketch, OfLiteral(property.Value));
                    break;
                case "$ref":
                    sketch = And(sketch, OfReference(node, property.Value));
                    break;
                case "allOf" when property.Value.ValueKind == JsonValueKind.Array:
                    sketch = Members(node, property).Aggregate(sketch, (all, member) => And(all, Of(member)));
                    break;
                case "anyOf" or "oneOf" when property.Value.ValueKind == JsonValueKind.Array:
                    var union = Members(node, property).Aggregate(_nothing, (all, member) => Or(all, Of(member)));
                    sketch = And(sketch, property.NameEquals("oneOf") ? union with { Exact = false } : union);
                    break;
                default:
                    exact &= !s_leftOut.Contains(property.Name);
                    break;
            }
        }

        return sketch with { Exact = sketch.Exact && exact };
    }

    private Sketch OfReference(SchemaNode node, JsonElement reference) =>
        Of(_pool.Leaf(_document.Resolve(node, "$ref", ScalarKeywords.Text(node, "$ref", reference))));

    private IEnumerable<SchemaExpr> Members(SchemaNode node, JsonProperty property) =>
        property.Value.EnumerateArray().Select((item, index) => _pool.Leaf(_document.Child(node, property.Name, index, item)));

    private Sketch OfLiteral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => _nothing with { Null = true },
        JsonValueKind.True => _nothing with { True = true },
        JsonValueKind.False => _nothing with { False = true },
        JsonValueKind.String => _nothing with { Strings = TextSet.Of([value.GetString()!]) },
        JsonValueKind.Number => JsonDecimal.Parse(value.GetRawText()) is { } number
            ? _nothing with { Numbers = TextSet.Of([number.ToString()]) }
            : _nothing with { Numbers = _numbers.Everything, Exact = false },
        JsonValueKind.Array => _nothing with { Arrays = true, Exact = false },
        _ => _nothing with { Objects = true, Exact = false },
    };

    private Sketch And(Sketch a, Sketch b) => new(
        a.Null && b.Null, a.True && b.True, a.False && b.False,
        _numbers.And(a.Numbers, b.Numbers), _strings.And(a.Strings, b.Strings),
        a.Arrays && b.Arrays, a.Objects && b.Objects, a.Exact && b.Exact);

    private Sketch Or(Sketch a, Sketch b) => new(
        a.Null || b.Null, a.True || b.True, a.False || b.False,
        _numbers.Or(a.Numbers, b.Numbers), _strings.Or(a.Strings, b.Strings),
        a.Arrays || b.Arrays, a.Objects || b.Objects, a.Exact && b.Exact);

    /// <summary>Of a superset the complement would be a subset, so nothing is known.</summary>
    private Sketch Not(Sketch sketch) => !sketch.Exact
        ? _everything with { Exact = false }
        : new Sketch(!sketch.Null, !sketch.True, !sketch.False, _numbers.Not(sketch.Numbers), _strings.Not(sketch.Strings),
            !sketch.Arrays, !sketch.Objects, true);
}
