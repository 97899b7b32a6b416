using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>Which values can a variable or parameter have here?</content>
internal sealed partial class ClientTracer
{
    private readonly Dictionary<ISymbol, TracedClient> _innerClients = new(SymbolEqualityComparer.Default);

    private TracedClient TraceLocal(ILocalReferenceOperation use)
    {
        var definitions = Definitions.Reaching(use, use.Local);
        return definitions.All.Count == 0 ? TracedClient.Unknown : AfterCallsOn(use, use.Local, TraceDefinitions(definitions));
    }

    private TracedClient TraceParameter(IParameterReferenceOperation use)
    {
        if (_innerClients.TryGetValue(use.Parameter, out var inner))
        {
            return inner;
        }

        var definitions = Definitions.Reaching(use, use.Parameter);
        var traced = definitions.All.Count == 0 ? TracedClient.None : TraceDefinitions(definitions);
        return AfterCallsOn(use, use.Parameter, definitions.HidesEarlier ? traced : traced.Or(TracePassed(use)));
    }

    /// <summary>What callers pass for a parameter.</summary>
    private TracedClient TracePassed(IParameterReferenceOperation use)
    {
        var parameter = use.Parameter;
        if (_symbols.IsPromised(parameter))
        {
            return TracedClient.Guarded;
        }

        if (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.LocalFunction } function)
        {
            return TracedClient.From(parameter);
        }

        // All calls of a local function are in sight, unless it is handed on itself.
        var passed = TracedClient.None;
        var isCalled = false;
        foreach (var operation in Definitions.RootOf(use).Descendants())
        {
            if (operation is IMethodReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, function))
            {
                return TracedClient.From(parameter);
            }

            if (operation is IInvocationOperation call && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, function))
            {
                isCalled = true;
                passed = passed.Or(Trace(ArgumentOf(call, parameter)));
            }
        }

        return isCalled ? passed : TracedClient.From(parameter);
    }

    private TracedClient TraceDefinitions(ReachingDefinitions definitions)
    {
        var traced = definitions.All.Select(Trace).ToList();
        var all = traced.Aggregate(TracedClient.None, (one, other) => one.Or(other));

        // Where the order of the assignments is not known, they must agree.
        return !definitions.IsOrdered && traced.Exists(t => t.Origin is not ClientOrigin.None && t.Origin != all.Origin) ? TracedClient.Unknown : all;
    }

    private TracedClient Trace(Definition definition) =>
        definition.IsEach ? TraceElements(definition.Value)
        : definition.Element >= 0 ? TraceTupleElement(definition.Value, definition.Element)
        : Trace(definition.Value);
}
