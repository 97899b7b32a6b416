using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>Which values can a variable have here?</content>
internal sealed partial class ClientTracer
{
    private TracedClient TraceLocal(ILocalReferenceOperation use)
    {
        var definitions = Definitions.Reaching(use, out var ordered);
        if (definitions.Count == 0)
        {
            return TracedClient.Unknown;
        }

        // Where the order of the assignments is not known, they must agree.
        var traced = definitions.Select(d => Trace(d.Value)).ToList();
        var all = traced.Aggregate((one, other) => one.Or(other));
        if (!ordered && traced.Any(t => t.Origin is not ClientOrigin.None && t.Origin != all.Origin))
        {
            return TracedClient.Unknown;
        }

        return _symbols.IsBuilder(use.Type) ? AfterCallsOn(use, all) : all;
    }
}
