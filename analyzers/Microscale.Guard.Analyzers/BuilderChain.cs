using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>The calls of a chain before one of them: the earlier a call, the further out its decorator.</summary>
internal static class BuilderChain
{
    /// <summary>The calls on the same builder before a call, the nearest first, and what the chain begins with.</summary>
    /// <remarks>In one expression, and further back through a variable that holds the builder, where all stands in one
    /// block, in order.</remarks>
    public static (IReadOnlyList<IInvocationOperation> Calls, IOperation? Origin) Before(IInvocationOperation call, ChatSymbols symbols)
    {
        var calls = new List<IInvocationOperation>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var origin = ChatSymbols.Receiver(call);
        while (origin is not null)
        {
            if (origin is IInvocationOperation earlier && symbols.IsBuilder(earlier.Type) && symbols.IsBuilder(ChatSymbols.Receiver(earlier)?.Type))
            {
                calls.Add(earlier);
                origin = ChatSymbols.Receiver(earlier);
            }
            else if (origin is ILocalReferenceOperation local && seen.Add(local.Local))
            {
                origin = BeforeOn(local, calls, symbols);
            }
            else
            {
                break;
            }
        }

        return (calls, origin);
    }

    private static IOperation? BeforeOn(ILocalReferenceOperation use, List<IInvocationOperation> calls, ChatSymbols symbols)
    {
        var block = BlockOf(use);
        var definitions = Definitions.Reaching(use, use.Local);
        if (block is null || !definitions.IsOrdered || definitions.All.Count != 1)
        {
            return null;
        }

        var before = Definitions.RootOf(use).Descendants().OfType<ILocalReferenceOperation>()
            .Where(o => SymbolEqualityComparer.Default.Equals(o.Local, use.Local) && o.Syntax.SpanStart < use.Syntax.SpanStart && BlockOf(o) == block)
            .Reverse();
        foreach (var other in before)
        {
            var chain = new List<IInvocationOperation>();
            for (var call = Operations.CallOn(other); call is not null && symbols.IsBuilder(call.Type); call = Operations.CallOn(call))
            {
                chain.Add(call);
            }

            chain.Reverse();
            calls.AddRange(chain);
        }

        return definitions.All[0].Value;
    }

    private static IOperation? BlockOf(IOperation operation)
    {
        IOperation? parent = operation;
        while (parent is not (null or IBlockOperation))
        {
            parent = parent.Parent;
        }

        return parent;
    }
}
