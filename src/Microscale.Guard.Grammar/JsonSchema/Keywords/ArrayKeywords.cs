using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The keywords about arrays, without <c>unevaluatedItems</c>.</summary>
internal sealed class ArrayKeywords(SchemaExprPool pool, SchemaDocument document, ArrayAlgebra arrays)
{
    public ArrayAtom? Read(SchemaNode node)
    {
        var prefix = new List<SchemaExpr>();
        var rest = pool.True;
        int evaluated = 0;
        if (node.TryGet("prefixItems", out var list)) AddPrefix("prefixItems", list);
        if (node.TryGet("items", out var items))
        {
            if (items.ValueKind == JsonValueKind.Array)
            {
                AddPrefix("items", items);
                if (node.TryGet("additionalItems", out var additional)) SetRest("additionalItems", additional);
            }
            else
            {
                SetRest("items", items);
            }
        }

        var counts = new List<ItemCount>();
        var evaluatedKind = pool.False;
        if (node.TryGet("contains", out var contains))
        {
            var kind = pool.Leaf(document.Child(node, "contains", contains));
            evaluatedKind = kind;
            int least = ScalarKeywords.Count(node, "minContains") ?? 1;
            int most = ScalarKeywords.Count(node, "maxContains") ?? ArrayAtom.Unbounded;
            counts.Add(new ItemCount(0, kind, least, most, node.Pointer));
        }

        bool unique = node.TryGet("uniqueItems", out var flag) && flag.ValueKind == JsonValueKind.True;
        return arrays.Normalize(new ArrayAtom
        {
            Prefix = prefix,
            Rest = rest,
            Min = ScalarKeywords.Count(node, "minItems") ?? 0,
            Max = ScalarKeywords.Count(node, "maxItems") ?? ArrayAtom.Unbounded,
            Counts = counts,
            UniqueAt = unique ? node.Pointer : null,
            Evaluated = evaluated,
            EvaluatedKind = evaluatedKind,
        });

        void AddPrefix(string keyword, JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Array) throw new JsonSchemaException(keyword, node.Pointer, "it has to be an array");
            prefix.AddRange(value.EnumerateArray().Select((item, index) => pool.Leaf(document.Child(node, keyword, index, item))));
            evaluated = prefix.Count;
        }

        void SetRest(string keyword, JsonElement value)
        {
            rest = pool.Leaf(document.Child(node, keyword, value));
            evaluated = ArrayAtom.Unbounded;
        }
    }
}
