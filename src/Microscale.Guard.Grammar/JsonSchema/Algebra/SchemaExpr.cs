using System.Text.Json;

namespace Microscale.Guard.Grammar;

internal enum ExprKind
{
    True,
    False,
    Leaf,
    Literal,
    Not,
    And,
    Or,
}

/// <summary>
/// A set of JSON values, named but not yet worked out, so that recursive schemas have finite descriptions. Equal sets that
/// are written the same way are the same object.
/// </summary>
internal sealed class SchemaExpr(int id, ExprKind kind, SchemaNode? node, JsonElement literal, SchemaExpr[] operands, string pointer)
{
    public int Id { get; } = id;

    public ExprKind Kind { get; } = kind;

    public SchemaNode? Node { get; } = node;

    public JsonElement Literal { get; } = literal;

    public IReadOnlyList<SchemaExpr> Operands { get; } = operands;

    /// <summary>Where it comes from, for errors.</summary>
    public string Pointer { get; } = pointer;
}

/// <summary>Makes <see cref="SchemaExpr"/>, and sees what is trivially true, false or the same.</summary>
internal sealed class SchemaExprPool
{
    private readonly Dictionary<string, SchemaExpr> _exprs = new(StringComparer.Ordinal);

    public SchemaExprPool()
    {
        True = Intern("T", ExprKind.True, null, default, [], "");
        False = Intern("F", ExprKind.False, null, default, [], "");
    }

    public SchemaExpr True { get; }

    public SchemaExpr False { get; }

    public SchemaExpr Leaf(SchemaNode node)
    {
        if (node.Element.ValueKind == JsonValueKind.False) return False;
        if (node.Element.ValueKind == JsonValueKind.True) return True;
        return Intern($"L{node.Identity}", ExprKind.Leaf, node, default, [], node.Pointer);
    }

    public SchemaExpr Literal(JsonElement value, string pointer) =>
        Intern("=" + value.GetRawText(), ExprKind.Literal, null, value, [], pointer);

    public SchemaExpr Not(SchemaExpr operand)
    {
        if (operand.Kind == ExprKind.True) return False;
        if (operand.Kind == ExprKind.False) return True;
        if (operand.Kind == ExprKind.Not) return operand.Operands[0];
        return Intern($"!{operand.Id}", ExprKind.Not, null, default, [operand], operand.Pointer);
    }

    public SchemaExpr And(params ReadOnlySpan<SchemaExpr> operands) => Combine(ExprKind.And, operands, unit: True, zero: False);

    public SchemaExpr Or(params ReadOnlySpan<SchemaExpr> operands) => Combine(ExprKind.Or, operands, unit: False, zero: True);

    private SchemaExpr Combine(ExprKind kind, ReadOnlySpan<SchemaExpr> operands, SchemaExpr unit, SchemaExpr zero)
    {
        var flat = new List<SchemaExpr>();
        var ids = new HashSet<int>();
        foreach (var operand in operands)
        {
            if (operand.Kind == kind)
            {
                foreach (var inner in operand.Operands) Add(inner);
            }
            else
            {
                Add(operand);
            }
        }

        if (ids.Contains(zero.Id)) return zero;
        foreach (var operand in flat)
        {
            if (operand.Kind == ExprKind.Not && ids.Contains(operand.Operands[0].Id)) return zero;
        }

        if (flat.Count == 0) return unit;
        if (flat.Count == 1) return flat[0];
        string key = (kind == ExprKind.And ? "&" : "|") + string.Join(',', ids.Order());
        return Intern(key, kind, null, default, [.. flat], flat[0].Pointer);

        void Add(SchemaExpr operand)
        {
            if (operand.Id != unit.Id && ids.Add(operand.Id)) flat.Add(operand);
        }
    }

    private SchemaExpr Intern(string key, ExprKind kind, SchemaNode? node, JsonElement literal, SchemaExpr[] operands, string pointer)
    {
        if (!_exprs.TryGetValue(key, out var expr))
            _exprs[key] = expr = new SchemaExpr(_exprs.Count, kind, node, literal, operands, pointer);
        return expr;
    }
}
