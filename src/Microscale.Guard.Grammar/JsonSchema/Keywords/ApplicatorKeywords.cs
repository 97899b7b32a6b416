using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The keywords that combine schemas for the same value.</summary>
internal sealed class ApplicatorKeywords(
    ShapeExpander expander, SchemaDocument document, SchemaExprPool pool, ShapeAlgebra shapes, ObjectKeywords objects)
{
    public Shape Apply(Shape shape, SchemaNode node, JsonProperty property, bool annotated)
    {
        if (property.Value.ValueKind != JsonValueKind.Array) throw new JsonSchemaException(property.Name, node.Pointer, "it has to be an array of schemas");
        var members = property.Value.EnumerateArray()
            .Select((item, index) => pool.Leaf(document.Child(node, property.Name, index, item))).ToList();
        return property.Name switch
        {
            "allOf" => members.Aggregate(shape, (all, member) => shapes.Intersect(all, expander.Expand(member, annotated), node.Pointer)),
            "anyOf" => annotated ? AnyOfApart(shape, members, node) : AnyOf(shape, members, node),
            _ => OneOf(shape, members, node, annotated),
        };
    }

    /// <summary>The keywords that exclude values; after all others, so that they find little to cut.</summary>
    public Shape ApplyConditions(Shape shape, SchemaNode node, bool annotated)
    {
        if (node.TryGet("propertyNames", out var names))
        {
            var keys = expander.Expand(pool.Leaf(document.Child(node, "propertyNames", names))).Strings;
            shape = Restrict(shape, [objects.Named(keys)], node);
        }

        if (node.TryGet("not", out var not))
            shape = shapes.Subtract(shape, expander.Expand(pool.Leaf(document.Child(node, "not", not))), node.Pointer);
        if (node.TryGet("if", out var condition)) shape = If(shape, node, condition, annotated);
        foreach (var item in ObjectKeywords.Map(node, "dependentRequired")) shape = DependentRequired(shape, node, "dependentRequired", item);
        foreach (var item in ObjectKeywords.Map(node, "dependentSchemas")) shape = DependentSchema(shape, node, "dependentSchemas", item, annotated);
        foreach (var item in ObjectKeywords.Map(node, "dependencies"))
        {
            shape = item.Value.ValueKind == JsonValueKind.Array
                ? DependentRequired(shape, node, "dependencies", item)
                : DependentSchema(shape, node, "dependencies", item, annotated);
        }

        return shape;
    }

    private Shape AnyOf(Shape shape, List<SchemaExpr> members, SchemaNode node) =>
        shapes.Intersect(shape, shapes.Union(members.Select(member => expander.Expand(member)), node.Pointer), node.Pointer);

    /// <summary>Alternatives for each set of members that hold, because what is evaluated is what any of them has evaluated.</summary>
    private Shape AnyOfApart(Shape shape, List<SchemaExpr> members, SchemaNode node)
    {
        var none = shape;
        var some = shapes.Nothing;
        foreach (var member in members)
        {
            var with = expander.Expand(member, annotated: true);
            var without = expander.Expand(member);
            some = shapes.Union(
                [
                    shapes.Intersect(some, with, node.Pointer),
                    shapes.Subtract(some, without, node.Pointer),
                    shapes.Intersect(none, with, node.Pointer),
                ],
                node.Pointer);
            none = shapes.Subtract(none, without, node.Pointer);
        }

        return some;
    }

    private Shape OneOf(Shape shape, List<SchemaExpr> members, SchemaNode node, bool annotated)
    {
        var plain = members.ConvertAll(member => expander.Expand(member));
        var within = plain.ConvertAll(member => shapes.Intersect(shape, member, node.Pointer));
        var alternatives = new List<Shape>();
        for (int i = 0; i < members.Count; i++)
        {
            var alone = annotated ? shapes.Intersect(shape, expander.Expand(members[i], annotated: true), node.Pointer) : within[i];
            for (int j = 0; j < members.Count && !shapes.IsNothing(alone); j++)
            {
                if (j != i && !shapes.IsNothing(shapes.Intersect(within[i], plain[j], node.Pointer)))
                    alone = shapes.Subtract(alone, plain[j], node.Pointer);
            }

            alternatives.Add(alone);
        }

        return shapes.Union(alternatives, node.Pointer);
    }

    private Shape If(Shape shape, SchemaNode node, JsonElement condition, bool annotated)
    {
        bool hasThen = node.TryGet("then", out var then), hasElse = node.TryGet("else", out var otherwise);
        if (!hasThen && !hasElse && !annotated) return shape;

        var test = pool.Leaf(document.Child(node, "if", condition));
        var met = shapes.Intersect(shape, expander.Expand(test, annotated), node.Pointer);
        var unmet = shapes.Subtract(shape, expander.Expand(test), node.Pointer);
        if (hasThen) met = Add(met, "then", then);
        if (hasElse) unmet = Add(unmet, "else", otherwise);
        return shapes.Union([met, unmet], node.Pointer);

        Shape Add(Shape part, string keyword, JsonElement schema) =>
            shapes.Intersect(part, expander.Expand(pool.Leaf(document.Child(node, keyword, schema)), annotated), node.Pointer);
    }

    private Shape DependentRequired(Shape shape, SchemaNode node, string keyword, JsonProperty item)
    {
        string[] names = [item.Name, .. ObjectKeywords.Names(node, keyword, item.Value)];
        return names.Length == 1 ? shape : Restrict(shape, [Without(item.Name), objects.Required(names)], node);
    }

    private Shape DependentSchema(Shape shape, SchemaNode node, string keyword, JsonProperty item, bool annotated)
    {
        var dependent = pool.Leaf(document.Child(node, keyword, item.Name, item.Value));
        if (dependent.Kind == ExprKind.True) return shape;

        var absent = Restrict(shape, [Without(item.Name)], node);
        var present = Restrict(shape with { Null = false, True = false, False = false, Numbers = shapes.Numbers.Nothing, Strings = shapes.Strings.Nothing, Arrays = [] },
            [objects.Required([item.Name])], node);
        return shapes.Union([absent, shapes.Intersect(present, expander.Expand(dependent, annotated), node.Pointer)], node.Pointer);
    }

    private ObjectAtom Without(string name) => shapes.Objects.With(name, pool.False, required: false);

    private Shape Restrict(Shape shape, ObjectAtom[] atoms, SchemaNode node) =>
        shapes.Intersect(shape, shapes.Everything with { Objects = atoms }, node.Pointer);
}
