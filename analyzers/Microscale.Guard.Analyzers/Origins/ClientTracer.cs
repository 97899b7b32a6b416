using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Follows a chat client back to where it is made, within a method and the readonly fields of its type.</summary>
/// <remarks>One use: a trace keeps what it is on the way through. What it does not understand is unknown, and it gives up
/// after a bounded number of steps.</remarks>
internal sealed partial class ClientTracer
{
    private const int MaxDepth = 64;
    private const int MaxSteps = 2000;

    private readonly ChatSymbols _symbols;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<SyntaxNode> _onTheWay = [];
    private int _depth;
    private int _steps;

    public ClientTracer(ChatSymbols symbols, CancellationToken cancellationToken)
    {
        _symbols = symbols;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Where a client, or the client that a builder would build, comes from.</summary>
    public TracedClient Trace(IOperation? value)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (value is null || _depth == MaxDepth || ++_steps > MaxSteps)
        {
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
        ILocalReferenceOperation local => Once(local, TraceLocal),
        IFieldReferenceOperation field => Once(field, TraceField),
        IParameterReferenceOperation parameter => TraceParameter(parameter),
        IArrayCreationOperation { Initializer: { } elements } => TraceAll(elements.ElementValues),
        IObjectCreationOperation creation => TraceCreation(creation),
        IInvocationOperation call => TraceCall(call),
        _ => TracedClient.Unknown,
    };

    private TracedClient TraceCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (_symbols.IsBuild(method))
        {
            return Trace(call.Instance);
        }

        if (_symbols.IsAsBuilder(method))
        {
            return AtTheOuter(ChatSymbols.Receiver(call), call);
        }

        if (_symbols.IsBuilder(method.ReturnType))
        {
            return TraceDecoration(call);
        }

        if (_symbols.IsProviderConversion(method))
        {
            return TracedClient.Unguarded(call.Syntax);
        }

        return IsWrappedInTask(method) ? Trace(call.Arguments[0].Value) : TracedClient.Unknown;
    }

    private TracedClient TraceAll(IEnumerable<IOperation> values) =>
        values.Aggregate(TracedClient.None, (all, value) => all.Or(Trace(value)));

    /// <summary>Follows a reference unless it is being followed already, as on the way round a loop.</summary>
    private TracedClient Once<T>(T reference, Func<T, TracedClient> trace)
        where T : IOperation
    {
        if (!_onTheWay.Add(reference.Syntax))
        {
            return TracedClient.None;
        }

        var traced = trace(reference);
        _onTheWay.Remove(reference.Syntax);
        return traced;
    }

    private static bool IsNull(IOperation value) => value.ConstantValue is { HasValue: true, Value: null };

    private static bool IsWrappedInTask(IMethodSymbol method) =>
        method is { Name: "FromResult", IsStatic: true, Parameters.Length: 1, ContainingType.Name: "Task" or "ValueTask" };

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
