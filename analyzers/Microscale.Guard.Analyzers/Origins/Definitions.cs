using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>A place where a variable gets a value.</summary>
internal readonly struct Definition
{
    public Definition(IOperation write, IOperation? value, int element = -1, bool isEach = false)
    {
        Write = write;
        Value = value;
        Element = element;
        IsEach = isEach;
    }

    public IOperation Write { get; }

    /// <summary>The value; null when it is not in sight (an out argument, a pattern).</summary>
    public IOperation? Value { get; }

    /// <summary>Which element of the value, a tuple, it is; -1 for the value itself.</summary>
    public int Element { get; }

    /// <summary>Whether it is each element of the value, a collection.</summary>
    public bool IsEach { get; }
}

/// <summary>The definitions of a variable that a place in the code can see.</summary>
internal readonly struct ReachingDefinitions
{
    public ReachingDefinitions(IReadOnlyList<Definition> all, bool isOrdered, bool hidesEarlier)
    {
        All = all;
        IsOrdered = isOrdered;
        HidesEarlier = hidesEarlier;
    }

    public IReadOnlyList<Definition> All { get; }

    /// <summary>False when some of them are in another function than the use, so that their order is not known; then all
    /// definitions are there.</summary>
    public bool IsOrdered { get; }

    /// <summary>Whether the value that the variable had before the code cannot reach the place.</summary>
    public bool HidesEarlier { get; }
}

/// <summary>Finds the assignments of a variable, field or property that a place in a body can see.</summary>
/// <remarks>Goes by the order in the source and by blocks, without a flow graph: an assignment that stands as a statement
/// in a block around the use hides the earlier ones; all others count beside them.</remarks>
internal static class Definitions
{
    /// <summary>The definitions that a use can see.</summary>
    public static ReachingDefinitions Reaching(IOperation use, ISymbol variable)
    {
        var all = Find(RootOf(use), variable);
        var function = FunctionOf(use);
        if (!all.TrueForAll(d => FunctionOf(d.Write) == function))
        {
            return new(all, isOrdered: false, hidesEarlier: false);
        }

        var before = all.Where(d => d.Write.Syntax.Span.End <= use.Syntax.SpanStart).OrderBy(d => d.Write.Syntax.Span.End).ToList();
        var last = before.FindLastIndex(d => IsAlwaysPassed(d.Write, use));
        var reaching = before.Skip(Math.Max(last, 0)).ToList();
        reaching.AddRange(all.Where(d => !before.Contains(d) && ComesRound(d.Write, use, last < 0 ? null : before[last].Write)));
        return new(reaching, isOrdered: true, hidesEarlier: last >= 0);
    }

    /// <summary>The definitions that can see the end of a body.</summary>
    public static ReachingDefinitions AtEnd(IOperation body, ISymbol variable)
    {
        var all = Find(body, variable);
        var last = all.FindLastIndex(d => FunctionOf(d.Write) is null && IsAlwaysPassed(d.Write, use: null));
        return new(all.Skip(Math.Max(last, 0)).ToList(), isOrdered: true, hidesEarlier: last >= 0);
    }

    /// <summary>The lambda or local function around an operation; null for the member itself.</summary>
    public static IOperation? FunctionOf(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            parent = parent.Parent;
        }

        return parent;
    }

    /// <summary>The whole member that holds an operation.</summary>
    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Whether an operation refers to a variable, or to a field or property.</summary>
    public static bool IsReference(IOperation operation, ISymbol variable) => operation switch
    {
        ILocalReferenceOperation reference => Same(reference.Local, variable),
        IParameterReferenceOperation reference => Same(reference.Parameter, variable),
        IMemberReferenceOperation reference => Same(reference.Member.OriginalDefinition, variable.OriginalDefinition),
        _ => false,
    };

    private static List<Definition> Find(IOperation body, ISymbol variable)
    {
        var all = new List<Definition>();
        foreach (var operation in body.DescendantsAndSelf())
        {
            if (AsDefinition(operation, variable) is { Write: not null } definition)
            {
                all.Add(definition);
            }
        }

        return all;
    }

    private static Definition AsDefinition(IOperation operation, ISymbol variable) => operation switch
    {
        IVariableDeclaratorOperation declarator when Same(declarator.Symbol, variable) =>
            declarator.GetVariableInitializer() is { } initializer ? new(declarator, initializer.Value)
            : declarator.Parent is IVariableDeclarationOperation ? default
            : declarator.Parent is IForEachLoopOperation loop ? new(declarator, loop.Collection, isEach: true)
            : new(declarator, null),
        ISimpleAssignmentOperation assignment when IsReference(assignment.Target, variable) => new(assignment, assignment.Value),
        ICoalesceAssignmentOperation assignment when IsReference(assignment.Target, variable) => new(assignment, assignment.Value),
        IDeconstructionAssignmentOperation assignment => AsDefinition(assignment, variable),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when Mentions(argument.Value, variable) => new(argument, null),
        IDeclarationPatternOperation pattern when Same(pattern.DeclaredSymbol, variable) => new(pattern, (pattern.Parent as IIsPatternOperation)?.Value),
        IRecursivePatternOperation pattern when Same(pattern.DeclaredSymbol, variable) => new(pattern, (pattern.Parent as IIsPatternOperation)?.Value),
        _ => default,
    };

    private static Definition AsDefinition(IDeconstructionAssignmentOperation assignment, ISymbol variable)
    {
        var target = assignment.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : assignment.Target;
        if (target is not ITupleOperation tuple)
        {
            return default;
        }

        for (var i = 0; i < tuple.Elements.Length; i++)
        {
            var element = tuple.Elements[i] is IDeclarationExpressionOperation declared ? declared.Expression : tuple.Elements[i];
            if (IsReference(element, variable))
            {
                return new(assignment, assignment.Value, i);
            }
        }

        return Mentions(target, variable) ? new(assignment, null) : default;
    }

    /// <summary>Whether an assignment is a statement's unconditional part, and the statement stands in a block around the
    /// use, or around all when there is none.</summary>
    private static bool IsAlwaysPassed(IOperation write, IOperation? use)
    {
        if (use is not null && write is IVariableDeclaratorOperation)
        {
            return true;
        }

        var statement = write is ICoalesceAssignmentOperation ? null : write.Parent;
        while (statement is IArgumentOperation or IInvocationOperation or IAwaitOperation or IConversionOperation or ISimpleAssignmentOperation
            or IVariableInitializerOperation or IVariableDeclaratorOperation or IVariableDeclarationOperation)
        {
            statement = statement.Parent;
        }

        return statement is IExpressionStatementOperation or IVariableDeclarationGroupOperation
            && statement.Parent is IBlockOperation or ISwitchCaseOperation
            && (use is null ? statement.Parent.Parent is IMethodBodyBaseOperation or null : IsAround(statement.Parent, use));
    }

    /// <summary>Whether a later assignment reaches the use by the way round a loop that does not pass the hiding one.</summary>
    private static bool ComesRound(IOperation write, IOperation use, IOperation? hiding)
    {
        for (var parent = use.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILoopOperation && IsAround(parent, write))
            {
                return hiding is null || !IsAround(parent, hiding);
            }
        }

        return false;
    }

    private static bool IsAround(IOperation outer, IOperation inner)
    {
        for (var parent = inner.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent == outer)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Mentions(IOperation operation, ISymbol variable) => operation.DescendantsAndSelf().Any(o => IsReference(o, variable));

    private static bool Same(ISymbol? one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
