using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>A place where a variable gets a value.</summary>
internal readonly struct Definition
{
    public Definition(IOperation write, IOperation? value)
    {
        Write = write;
        Value = value;
    }

    public IOperation Write { get; }

    /// <summary>The value; null when it is not in sight (an out argument, a pattern, a loop).</summary>
    public IOperation? Value { get; }
}

/// <summary>Finds the assignments of a local variable that a use of it can see.</summary>
/// <remarks>Goes by the order in the source and by blocks, without a flow graph: an assignment that stands as a statement
/// in a block around the use hides the earlier ones; all others count beside them.</remarks>
internal static class Definitions
{
    /// <summary>The definitions that a use can see.</summary>
    /// <param name="use">The use.</param>
    /// <param name="ordered">False when some of them are in another function than the use, so that their order is not
    /// known; then all definitions are returned.</param>
    public static IReadOnlyList<Definition> Reaching(ILocalReferenceOperation use, out bool ordered)
    {
        var all = RootOf(use).Descendants().Select(o => AsDefinition(o, use.Local)).Where(d => d.Write is not null).ToList();
        var function = FunctionOf(use);
        ordered = all.TrueForAll(d => FunctionOf(d.Write) == function);
        if (!ordered)
        {
            return all;
        }

        var before = all.Where(d => d.Write.Syntax.Span.End <= use.Syntax.SpanStart).OrderBy(d => d.Write.Syntax.Span.End).ToList();
        var last = before.FindLastIndex(d => IsAlwaysPassed(d.Write, use));
        var reaching = before.Skip(Math.Max(last, 0)).ToList();
        reaching.AddRange(all.Where(d => !before.Contains(d) && ComesRound(d.Write, use, last < 0 ? null : before[last].Write)));
        return reaching;
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

    private static Definition AsDefinition(IOperation operation, ILocalSymbol local) => operation switch
    {
        IVariableDeclaratorOperation declarator when Same(declarator.Symbol, local) =>
            declarator.GetVariableInitializer() is { } initializer ? new(declarator, initializer.Value)
            : declarator.Parent is IVariableDeclarationOperation ? default
            : new(declarator, null),
        ISimpleAssignmentOperation assignment when IsReference(assignment.Target, local) => new(assignment, assignment.Value),
        ICoalesceAssignmentOperation assignment when IsReference(assignment.Target, local) => new(assignment, assignment.Value),
        IDeconstructionAssignmentOperation assignment when assignment.Target.DescendantsAndSelf().Any(o => IsReference(o, local)) => new(assignment, null),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when argument.Value.DescendantsAndSelf().Any(o => IsReference(o, local)) => new(argument, null),
        IDeclarationPatternOperation pattern when Same(pattern.DeclaredSymbol, local) => new(pattern, null),
        IRecursivePatternOperation pattern when Same(pattern.DeclaredSymbol, local) => new(pattern, null),
        _ => default,
    };

    /// <summary>Whether an assignment is a statement's unconditional part, and the statement stands in a block around the
    /// use.</summary>
    private static bool IsAlwaysPassed(IOperation write, IOperation use)
    {
        if (write is IVariableDeclaratorOperation)
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
            && IsAround(statement.Parent, use);
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

    private static bool IsReference(IOperation operation, ILocalSymbol local) =>
        operation is ILocalReferenceOperation reference && Same(reference.Local, local);

    private static bool Same(ISymbol? one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
