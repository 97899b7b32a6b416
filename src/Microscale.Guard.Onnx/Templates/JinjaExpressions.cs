namespace Microscale.Guard.Onnx;

/// <summary>A part of a template that has a value.</summary>
internal abstract record JinjaExpression(int Offset)
{
    /// <summary>The value; what goes wrong is placed at this part.</summary>
    public object? Evaluate(JinjaContext context)
    {
        try
        {
            return Compute(context);
        }
        catch (JinjaException exception) when (exception.Offset == JinjaException.NoOffset)
        {
            throw exception.At(Offset);
        }
    }

    protected abstract object? Compute(JinjaContext context);
}

internal sealed record JinjaLiteral(int Offset, object? Value) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => Value;
}

internal sealed record JinjaName(int Offset, string Name) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => context.Scope[Name];
}

internal sealed record JinjaListExpression(int Offset, IReadOnlyList<JinjaExpression> Items) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => Items.Select(i => i.Evaluate(context)).ToList();
}

internal sealed record JinjaMapExpression(int Offset, IReadOnlyList<(JinjaExpression Key, JinjaExpression Value)> Items) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context)
    {
        var map = new JinjaMap();
        foreach (var (key, value) in Items)
        {
            map[JinjaValues.ToText(key.Evaluate(context)).Value] = value.Evaluate(context);
        }

        return map;
    }
}

internal sealed record JinjaConditional(int Offset, JinjaExpression Condition, JinjaExpression Then, JinjaExpression? Else) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) =>
        JinjaValues.IsTrue(Condition.Evaluate(context)) ? Then.Evaluate(context)
        : Else is null ? new JinjaUndefined("an if without else")
        : Else.Evaluate(context);
}

internal sealed record JinjaNot(int Offset, JinjaExpression Operand) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => !JinjaValues.IsTrue(Operand.Evaluate(context));
}

/// <summary><c>and</c> and <c>or</c>: the value that decides.</summary>
internal sealed record JinjaLogical(int Offset, bool IsAnd, JinjaExpression Left, JinjaExpression Right) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context)
    {
        var left = Left.Evaluate(context);
        return JinjaValues.IsTrue(left) == IsAnd ? Right.Evaluate(context) : left;
    }
}

internal sealed record JinjaUnary(int Offset, bool IsMinus, JinjaExpression Operand) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context)
    {
        var value = Operand.Evaluate(context);
        return value switch
        {
            long l => IsMinus ? -l : l,
            double d => IsMinus ? -d : d,
            _ => JinjaOperators.Arithmetic(IsMinus ? "-" : "+", 0L, value),
        };
    }
}

internal sealed record JinjaBinary(int Offset, string Operator, JinjaExpression Left, JinjaExpression Right) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) =>
        JinjaOperators.Arithmetic(Operator, Left.Evaluate(context), Right.Evaluate(context));
}

/// <summary>Comparisons in a row: <c>1 &lt; x &lt;= 3</c>.</summary>
internal sealed record JinjaComparison(int Offset, JinjaExpression First, IReadOnlyList<(string Operator, JinjaExpression Right)> Rest) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context)
    {
        var left = First.Evaluate(context);
        foreach (var (symbol, expression) in Rest)
        {
            var right = expression.Evaluate(context);
            if (!JinjaOperators.Holds(symbol, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}

internal sealed record JinjaAttribute(int Offset, JinjaExpression Target, string Name) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => JinjaMembers.Attribute(Target.Evaluate(context), Name);
}

internal sealed record JinjaSubscript(int Offset, JinjaExpression Target, JinjaExpression Index) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => JinjaMembers.Item(Target.Evaluate(context), Index.Evaluate(context));
}

internal sealed record JinjaSlice(int Offset, JinjaExpression Target, JinjaExpression? Start, JinjaExpression? Stop, JinjaExpression? Step) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) =>
        JinjaMembers.Slice(Target.Evaluate(context), Start?.Evaluate(context), Stop?.Evaluate(context), Step?.Evaluate(context));
}

/// <summary>The arguments in a call's brackets. Those that <c>*</c> or <c>**</c> precedes stand for their members.</summary>
internal sealed record JinjaArgumentList(
    IReadOnlyList<(bool Spread, JinjaExpression Value)> Positional, IReadOnlyList<(string? Name, JinjaExpression Value)> Named)
{
    public static JinjaArgumentList None { get; } = new([], []);

    public JinjaArguments Evaluate(JinjaContext context)
    {
        if (Positional.Count + Named.Count == 0)
        {
            return JinjaArguments.None;
        }

        var positional = new List<object?>(Positional.Count);
        foreach (var (spread, argument) in Positional)
        {
            var value = argument.Evaluate(context);
            positional.AddRange(spread ? JinjaValues.ToList(value) : [value]);
        }

        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, argument) in Named)
        {
            var value = argument.Evaluate(context);
            if (name is not null)
            {
                named[name] = value;
                continue;
            }

            foreach (var (key, member) in value as JinjaMap ?? throw JinjaValues.Unfit(value, null, "do not fit '**'"))
            {
                named[key] = member;
            }
        }

        return new(positional, named);
    }
}

internal sealed record JinjaCall(int Offset, JinjaExpression Target, JinjaArgumentList Arguments) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => Invoke(context, Arguments.Evaluate(context));

    public object? Invoke(JinjaContext context, JinjaArguments arguments) => Target.Evaluate(context) switch
    {
        JinjaFunction function => function(context, arguments),
        JinjaUndefined undefined => throw undefined.Error,
        var other => throw new JinjaException($"{JinjaValues.TypeName(other)} cannot be called"),
    };
}

internal sealed record JinjaFilterExpression(int Offset, JinjaExpression Target, JinjaFilter Filter, JinjaArgumentList Arguments) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => Filter(context, Target.Evaluate(context), Arguments.Evaluate(context));
}

internal sealed record JinjaTestExpression(int Offset, JinjaExpression Target, JinjaTest Test, bool Negated, JinjaArgumentList Arguments) : JinjaExpression(Offset)
{
    protected override object? Compute(JinjaContext context) => Test(Target.Evaluate(context), Arguments.Evaluate(context)) != Negated;
}
