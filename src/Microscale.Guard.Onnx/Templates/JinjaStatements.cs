namespace Microscale.Guard.Onnx;

/// <summary>Whether a loop goes on after a statement.</summary>
internal enum JinjaFlow
{
    Next,
    Continue,
    Break,
}

/// <summary>A part of a template that writes, or changes what follows.</summary>
internal abstract record JinjaStatement(int Offset)
{
    public JinjaFlow Run(JinjaContext context)
    {
        try
        {
            context.CountStep();
            return Execute(context);
        }
        catch (JinjaException exception) when (exception.Offset == JinjaException.NoOffset)
        {
            throw exception.At(Offset);
        }
    }

    protected abstract JinjaFlow Execute(JinjaContext context);
}

internal sealed record JinjaBlock(int Offset, IReadOnlyList<JinjaStatement> Statements) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        foreach (var statement in Statements)
        {
            if (statement.Run(context) is not JinjaFlow.Next and var flow)
            {
                return flow;
            }
        }

        return JinjaFlow.Next;
    }
}

internal sealed record JinjaText(int Offset, TemplateText Text) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        context.Output.Append(Text);
        return JinjaFlow.Next;
    }
}

internal sealed record JinjaOutput(int Offset, JinjaExpression Value) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        context.Output.Append(JinjaValues.Print(Value.Evaluate(context)));
        return JinjaFlow.Next;
    }
}

internal sealed record JinjaIf(int Offset, JinjaExpression Condition, JinjaBlock Then, JinjaStatement? Else) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context) =>
        JinjaValues.IsTrue(Condition.Evaluate(context)) ? Then.Run(context) : Else?.Run(context) ?? JinjaFlow.Next;
}

internal sealed record JinjaFor(
    int Offset, IReadOnlyList<string> Names, JinjaExpression Items, JinjaExpression? Filter, JinjaBlock Body, JinjaBlock? Else) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        var outer = context.Scope;
        var items = JinjaValues.ToList(Items.Evaluate(context));
        if (Filter is not null)
        {
            items = [.. items.Where(item => JinjaValues.IsTrue(context.In(Bind(item, outer), Filter.Evaluate)))];
        }

        var loop = new JinjaLoop(items);
        for (; loop.Index < items.Count; loop.Index++)
        {
            context.CountStep();
            var scope = Bind(items[loop.Index], outer);
            scope["loop"] = loop;
            if (context.In(scope, Body.Run) == JinjaFlow.Break)
            {
                break;
            }
        }

        return items.Count == 0 && Else is not null ? Else.Run(context) : JinjaFlow.Next;
    }

    private JinjaScope Bind(object? item, JinjaScope outer)
    {
        var scope = new JinjaScope(outer);
        JinjaSet.Assign(scope, Names, item);
        return scope;
    }
}

/// <summary><c>set x = …</c>, <c>set a, b = …</c>.</summary>
internal sealed record JinjaSet(int Offset, IReadOnlyList<string> Names, JinjaExpression Value) : JinjaStatement(Offset)
{
    public static void Assign(JinjaScope scope, IReadOnlyList<string> names, object? value)
    {
        if (names.Count == 1)
        {
            scope[names[0]] = value;
            return;
        }

        var parts = JinjaValues.ToList(value);
        if (parts.Count != names.Count)
        {
            throw new JinjaException(FormattableString.Invariant($"{parts.Count} values cannot fill {names.Count} names"));
        }

        for (var i = 0; i < parts.Count; i++)
        {
            scope[names[i]] = parts[i];
        }
    }

    protected override JinjaFlow Execute(JinjaContext context)
    {
        Assign(context.Scope, Names, Value.Evaluate(context));
        return JinjaFlow.Next;
    }
}

/// <summary><c>set ns.x = …</c>.</summary>
internal sealed record JinjaSetMember(int Offset, string Target, string Member, JinjaExpression Value) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        var space = context.Scope[Target] as JinjaNamespace
            ?? throw new JinjaException($"'{Target}' is no namespace, so its members cannot be set");
        space.Values[Member] = Value.Evaluate(context);
        return JinjaFlow.Next;
    }
}

/// <summary><c>set x</c> … <c>endset</c>.</summary>
internal sealed record JinjaSetBlock(int Offset, string Name, JinjaBlock Body) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        context.Scope[Name] = context.Capture(new JinjaScope(context.Scope), Body);
        return JinjaFlow.Next;
    }
}

/// <summary><c>filter f</c> … <c>endfilter</c>.</summary>
internal sealed record JinjaFilterBlock(int Offset, JinjaFilter Filter, JinjaArgumentList Arguments, JinjaBlock Body) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        var text = context.Capture(new JinjaScope(context.Scope), Body);
        context.Output.Append(JinjaValues.Print(Filter(context, text, Arguments.Evaluate(context))));
        return JinjaFlow.Next;
    }
}

/// <summary><c>macro m(a, b=1)</c> … <c>endmacro</c>.</summary>
internal sealed record JinjaMacro(
    int Offset, string Name, IReadOnlyList<(string Name, JinjaExpression? Default)> Parameters, JinjaBlock Body) : JinjaStatement(Offset)
{
    /// <summary>The name under which a macro finds the block of a call block.</summary>
    public const string Caller = "caller";

    /// <summary>What calls of the macro run, with the variables of the place where it stands.</summary>
    public JinjaFunction In(JinjaScope outer) =>
        (context, arguments) =>
        {
            if (arguments.Positional.Count > Parameters.Count
                || arguments.Named.Keys.Except([.. Parameters.Select(p => p.Name), Caller], StringComparer.Ordinal).Any())
            {
                throw new JinjaException($"the macro '{Name}' has not so many arguments, or none of that name");
            }

            var scope = new JinjaScope(outer) { [Caller] = arguments.Named.GetValueOrDefault(Caller, new JinjaUndefined(Caller)) };
            for (var i = 0; i < Parameters.Count; i++)
            {
                var (name, missing) = Parameters[i];
                scope[name] = arguments.Has(i, name) ? arguments.Get(i, name)
                    : missing is null ? new JinjaUndefined(name)
                    : context.In(scope, missing.Evaluate);
            }

            return context.Capture(scope, Body);
        };

    protected override JinjaFlow Execute(JinjaContext context)
    {
        context.Scope[Name] = In(context.Scope);
        return JinjaFlow.Next;
    }
}

/// <summary><c>call(x) m()</c> … <c>endcall</c>: calls a macro that may call the block.</summary>
internal sealed record JinjaCallBlock(int Offset, JinjaCall Call, JinjaMacro Block) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context)
    {
        var arguments = Call.Arguments.Evaluate(context);
        var named = new Dictionary<string, object?>(arguments.Named, StringComparer.Ordinal) { [JinjaMacro.Caller] = Block.In(context.Scope) };
        context.Output.Append(JinjaValues.Print(Call.Invoke(context, arguments with { Named = named })));
        return JinjaFlow.Next;
    }
}

internal sealed record JinjaLeave(int Offset, JinjaFlow Flow) : JinjaStatement(Offset)
{
    protected override JinjaFlow Execute(JinjaContext context) => Flow;
}
