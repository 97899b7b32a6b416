using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>What is in a tuple or a collection?</content>
internal sealed partial class ClientTracer
{
    /// <summary>Traces one element of a tuple.</summary>
    private TracedClient TraceTupleElement(IOperation? tuple, int element)
    {
        switch (tuple)
        {
            case ITupleOperation literal when element >= 0 && element < literal.Elements.Length:
                return Trace(literal.Elements[element]);
            case IConversionOperation conversion:
                return TraceTupleElement(conversion.Operand, element);
            case IAwaitOperation await:
                return TraceTupleElement(await.Operation, element);
            case IConditionalOperation conditional:
                return TraceTupleElement(conditional.WhenTrue, element).Or(TraceTupleElement(conditional.WhenFalse, element));
            case ILocalReferenceOperation local:
                return Once(local.Syntax, () => Definitions.Reaching(local, local.Local) is { IsOrdered: true, All: { Count: > 0 } all }
                    ? all.Select(d => d is { Element: < 0, IsEach: false } ? TraceTupleElement(d.Value, element) : TracedClient.Unknown).Aggregate((one, other) => one.Or(other))
                    : TracedClient.Unknown);
            case IInvocationOperation call when !_symbols.IsForeign(call.TargetMethod) && BodyOf(call.TargetMethod) is { } body:
                return Once(call.TargetMethod.OriginalDefinition, () => ReturnsOf(body).Select(r => TraceTupleElement(r, element)).Aggregate(TracedClient.None, (one, other) => one.Or(other)))
                    .WithArguments(p => ArgumentOf(call, p) is { } value ? Trace(value) : TracedClient.From(p));
            default:
                return TracedClient.Unknown;
        }
    }

    private static int IndexOf(IFieldSymbol element) =>
        element.ContainingType.TupleElements.ToList().FindIndex(e => SymbolEqualityComparer.Default.Equals(Unnamed(e), Unnamed(element)));

    private static IFieldSymbol Unnamed(IFieldSymbol element) => element.CorrespondingTupleField ?? element;

    /// <summary>Traces all elements of a collection, where it is filled in sight.</summary>
    private TracedClient TraceElements(IOperation? collection)
    {
        switch (collection)
        {
            case IConversionOperation conversion:
                return TraceElements(conversion.Operand);
            case IArrayCreationOperation or IInvocationOperation:
                return Trace(collection);
            case IObjectCreationOperation { Initializer: { } initializer }:
                return initializer.Initializers.Select(TraceElement).Aggregate(TracedClient.None, (one, other) => one.Or(other));
            case IObjectCreationOperation { Arguments.IsEmpty: true }:
                return TracedClient.None;
            case ILocalReferenceOperation local:
                return Once(local.Syntax, () => TraceElementsOf(local));
            case { Syntax: CollectionExpressionSyntax }:
                return TraceAll(collection.ChildOperations);
            default:
                return collection is null ? TracedClient.Unknown : TracedClient.OutOfSight(collection.Syntax);
        }
    }

    /// <summary>Traces an element of a collection's initialiser.</summary>
    private TracedClient TraceElement(IOperation element) => element switch
    {
        IInvocationOperation { Arguments.Length: > 0 } add => Trace(add.Arguments[add.Arguments.Length - 1].Value),
        ISimpleAssignmentOperation assignment => Trace(assignment.Value),
        _ => Trace(element),
    };

    private TracedClient TraceElementsOf(ILocalReferenceOperation use)
    {
        var definitions = Definitions.Reaching(use, use.Local);
        if (!definitions.IsOrdered || definitions.All.Count == 0)
        {
            return TracedClient.Unknown;
        }

        var traced = definitions.All.Select(d => d is { Element: < 0, IsEach: false } ? TraceElements(d.Value) : TracedClient.Unknown).Aggregate((one, other) => one.Or(other));
        foreach (var other in Definitions.RootOf(use).Descendants().OfType<ILocalReferenceOperation>())
        {
            if (!SymbolEqualityComparer.Default.Equals(other.Local, use.Local))
            {
                continue;
            }

            if (other.Parent is IInvocationOperation { TargetMethod.Name: "Add" or "Insert" or "Enqueue" or "Push" or "TryAdd" } add && add.Instance == other)
            {
                traced = traced.Or(TraceElement(add));
            }
            else if (other.Parent is IPropertyReferenceOperation { Property.IsIndexer: true, Parent: ISimpleAssignmentOperation assignment } indexer && assignment.Target == indexer)
            {
                traced = traced.Or(Trace(assignment.Value));
            }
        }

        return traced.Origin == ClientOrigin.None ? TracedClient.Unknown : traced;
    }
}
