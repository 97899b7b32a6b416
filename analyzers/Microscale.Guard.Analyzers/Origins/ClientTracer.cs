using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Follows a chat client back to where it is made, through the methods and members of the compilation.</summary>
/// <remarks>One use: a trace keeps what it is on the way through. What it does not understand is unknown, and it gives up
/// after a bounded number of steps.</remarks>
internal sealed partial class ClientTracer
{
    private const int MaxDepth = 64;
    private const int MaxSteps = 4000;

    private readonly CompilationScope _scope;
    private readonly ChatSymbols _symbols;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<object> _onTheWay = [];
    private int _depth;
    private int _steps;
    private int _cuts;

    public ClientTracer(CompilationScope scope, CancellationToken cancellationToken)
    {
        _scope = scope;
        _symbols = scope.Symbols;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Where a client, or the client that a builder would build, comes from.</summary>
    public TracedClient Trace(IOperation? value)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (value is null)
        {
            return TracedClient.Unknown;
        }

        if (_depth == MaxDepth || ++_steps > MaxSteps)
        {
            _cuts++;
            return TracedClient.Unknown;
        }

        _depth++;
        try
        {
            return TraceCore(value);
        }
        finally
        {
            _depth--;
        }
    }

    private TracedClient TraceCore(IOperation value) => value switch
    {
        IThrowOperation => TracedClient.None,
        _ when IsNull(value) => TracedClient.None,
        IConversionOperation conversion => Trace(conversion.Operand),
        IParenthesizedOperation parenthesized => Trace(parenthesized.Operand),
        IAwaitOperation await => Trace(await.Operation),
        IConditionalOperation conditional => Trace(conditional.WhenTrue).Or(Trace(conditional.WhenFalse)),
        ICoalesceOperation coalesce => Trace(coalesce.Value).Or(Trace(coalesce.WhenNull)),
        ISwitchExpressionOperation choice => TraceAll(choice.Arms.Select(a => a.Value)),
        ISimpleAssignmentOperation assignment => Trace(assignment.Value),
        ICoalesceAssignmentOperation assignment => Trace(assignment.Target).Or(Trace(assignment.Value)),
        IConditionalAccessOperation access => Trace(access.WhenNotNull),
        IConditionalAccessInstanceOperation instance => Trace(AccessedValue(instance)),
        ILocalReferenceOperation local => Once(local.Syntax, () => TraceLocal(local)),
        IParameterReferenceOperation parameter => Once(parameter.Syntax, () => TraceParameter(parameter)),
        IMemberReferenceOperation member => Once(member.Syntax, () => TraceMember(member)),
        IArrayElementReferenceOperation element => TraceElements(element.ArrayReference),
        IArrayCreationOperation { Initializer: { } elements } => TraceAll(elements.ElementValues),
        IObjectCreationOperation creation => TraceCreation(creation),
        IInvocationOperation call => TraceCall(call),
        _ when value.Syntax is CollectionExpressionSyntax => TraceAll(value.ChildOperations),
        _ => TracedClient.Unknown,
    };

    private TracedClient TraceAll(IEnumerable<IOperation> values) =>
        values.Aggregate(TracedClient.None, (all, value) => all.Or(Trace(value)));

    /// <summary>Follows a reference unless it is being followed already, as on the way round a loop or a recursion.</summary>
    private TracedClient Once(object reference, Func<TracedClient> trace)
    {
        if (!_onTheWay.Add(reference))
        {
            _cuts++;
            return TracedClient.None;
        }

        var traced = trace();
        _onTheWay.Remove(reference);
        return traced;
    }

    /// <summary>What a member or method hands out, traced once for the compilation. What was cut short because the trace came
    /// from inside of it is not kept.</summary>
    private TracedClient Summarize(ISymbol symbol, Func<TracedClient> trace)
    {
        if (_scope.Summaries.TryGetValue(symbol, out var known))
        {
            return known;
        }

        var cuts = _cuts;
        var traced = Once(symbol, trace);
        if (cuts == _cuts)
        {
            _scope.Summaries.TryAdd(symbol, traced);
        }

        return traced;
    }

    private static bool IsNull(IOperation value) => value.ConstantValue is { HasValue: true, Value: null };

    private static IOperation? AccessedValue(IOperation instance)
    {
        var inner = instance;
        for (var outer = instance.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            if (outer is IConditionalAccessOperation access && access.WhenNotNull == inner)
            {
                return access.Operation;
            }
        }

        return null;
    }
}
