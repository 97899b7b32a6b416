using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>Works out the shape of a <see cref="SchemaExpr"/>, one level deep.</summary>
internal sealed class ShapeExpander
{
    private const int MaxDepth = 256;

    private readonly Dictionary<(int Expr, bool Annotated), Shape> _known = [];
    private readonly HashSet<(int Expr, bool Annotated)> _open = [];
    private readonly SchemaDocument _document;
    private readonly SchemaExprPool _pool;
    private readonly ShapeAlgebra _shapes;
    private readonly ScalarKeywords _scalars;
    private readonly LiteralShapes _literals;
    private readonly ArrayKeywords _arrays;
    private readonly ObjectKeywords _objects;
    private readonly ApplicatorKeywords _applicators;

    public ShapeExpander(SchemaDocument document, SchemaExprPool pool, ShapeAlgebra shapes, ScalarKeywords scalars)
    {
        _document = document;
        _pool = pool;
        _shapes = shapes;
        _scalars = scalars;
        _literals = new LiteralShapes(pool, shapes);
        _arrays = new ArrayKeywords(pool, document, shapes.Arrays);
        _objects = new ObjectKeywords(pool, document, scalars, shapes);
        _applicators = new ApplicatorKeywords(this, document, pool, shapes, _objects);
    }

    /// <summary>The shape of a set.</summary>
    /// <param name="expr">The set.</param>
    /// <param name="annotated">
    /// Whether the alternatives say which properties and items they have evaluated, for <c>unevaluatedProperties</c> and
    /// <c>unevaluatedItems</c> around them. They do not overlap then in what they have evaluated.
    /// </param>
    public Shape Expand(SchemaExpr expr, bool annotated = false)
    {
        if (expr.Kind != ExprKind.Leaf) annotated = false;
        if (_known.TryGetValue((expr.Id, annotated), out var known)) return known;
        if (!_open.Add((expr.Id, annotated)))
            throw new JsonSchemaException("$ref", expr.Pointer, "the schema refers to itself without an array or object in between");
        if (_open.Count > MaxDepth)
            throw new JsonSchemaException("schema", expr.Pointer, $"references and alternatives are nested more than {MaxDepth} deep");

        var shape = expr.Kind switch
        {
            ExprKind.True => _shapes.Everything,
            ExprKind.False => _shapes.Nothing,
            ExprKind.Literal => _literals.Of([expr.Literal], "const", expr.Pointer),
            ExprKind.Not => _shapes.Subtract(_shapes.Everything, Expand(expr.Operands[0]), expr.Pointer),
            ExprKind.Or => _shapes.Union(expr.Operands.Select(operand => Expand(operand)), expr.Pointer),
            ExprKind.And => ExpandAnd(expr),
            _ when annotated => ExpandLeaf(expr.Node!, annotated),
            _ => _shapes.Forget(ExpandLeaf(expr.Node!, annotated), expr.Pointer),
        };
        _open.Remove((expr.Id, annotated));
        return _known[(expr.Id, annotated)] = shape;
    }

    private Shape ExpandAnd(SchemaExpr expr)
    {
        var shape = _shapes.Everything;
        foreach (var operand in expr.Operands.Where(operand => operand.Kind != ExprKind.Not))
            shape = _shapes.Intersect(shape, Expand(operand), expr.Pointer);
        foreach (var operand in expr.Operands.Where(operand => operand.Kind == ExprKind.Not))
            shape = _shapes.Subtract(shape, Expand(operand.Operands[0]), expr.Pointer);
        return shape;
    }

    private Shape ExpandLeaf(SchemaNode node, bool annotated)
    {
        if (node.Resource.Dialect != SchemaDialect.Draft2020 && node.TryGet("$ref", out var only))
            return Expand(Reference(node, "$ref", only), annotated);

        bool items = node.TryGet("unevaluatedItems", out var itemKind), properties = node.TryGet("unevaluatedProperties", out var propertyKind);
        annotated |= items || properties;

        var shape = Own(node);
        foreach (var property in node.Element.EnumerateObject())
        {
            if (property.Name is "$ref" or "$dynamicRef")
                shape = _shapes.Intersect(shape, Expand(Reference(node, property.Name, property.Value), annotated), node.Pointer);
            else if (property.Name is "allOf" or "anyOf" or "oneOf")
                shape = _applicators.Apply(shape, node, property, annotated);
        }

        shape = _applicators.ApplyConditions(shape, node, annotated);
        if (items) shape = CloseArrays(shape, _pool.Leaf(_document.Child(node, "unevaluatedItems", itemKind)), node.Pointer);
        if (properties) shape = CloseObjects(shape, _pool.Leaf(_document.Child(node, "unevaluatedProperties", propertyKind)), node.Pointer);
        return shape;
    }

    /// <summary>What the keywords say that look at no other schema for the value itself.</summary>
    private Shape Own(SchemaNode node)
    {
        var types = ScalarKeywords.Types(node);
        var shape = new Shape(
            types.Contains("null"), types.Contains("boolean"), types.Contains("boolean"),
            _scalars.Numbers(node, types), _scalars.Strings(node, types),
            types.Contains("array") && _arrays.Read(node) is { } array ? [array] : [],
            types.Contains("object") && _objects.Read(node) is { } obj ? [obj] : []);
        if (node.TryGet("enum", out var values))
        {
            if (values.ValueKind != JsonValueKind.Array) throw new JsonSchemaException("enum", node.Pointer, "it has to be an array");
            shape = _shapes.Intersect(shape, _literals.Of(values.EnumerateArray(), "enum", node.Pointer), node.Pointer);
        }

        return node.TryGet("const", out var value)
            ? _shapes.Intersect(shape, _literals.Of([value], "const", node.Pointer), node.Pointer)
            : shape;
    }

    private SchemaExpr Reference(SchemaNode node, string keyword, JsonElement value)
    {
        string reference = ScalarKeywords.Text(node, keyword, value);
        return _pool.Leaf(keyword == "$ref" ? _document.Resolve(node, keyword, reference) : _document.ResolveDynamic(node, reference));
    }

    private Shape CloseArrays(Shape shape, SchemaExpr kind, string pointer)
    {
        var atoms = new List<ArrayAtom>();
        foreach (var atom in shape.Arrays)
        {
            var closed = atom.Evaluated == ArrayAtom.Unbounded
                ? atom
                : _shapes.Arrays.Intersect(atom, _shapes.Arrays.Universal with
                {
                    Prefix = [.. Enumerable.Repeat(_pool.True, atom.Evaluated)],
                    Rest = _pool.Or(atom.EvaluatedKind, kind),
                }, pointer);
            if (closed is not null) atoms.Add(closed with { Evaluated = ArrayAtom.Unbounded });
        }

        return shape with { Arrays = atoms };
    }

    private Shape CloseObjects(Shape shape, SchemaExpr kind, string pointer) => shape with
    {
        Objects = [.. shape.Objects.SelectMany(atom => _shapes.Objects.Intersect(atom, _objects.Outside(atom.Evaluated, kind), pointer))],
    };
}
