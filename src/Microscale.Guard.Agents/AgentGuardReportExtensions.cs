using Microsoft.Agents.AI;

namespace Microscale.Guard.Agents;

/// <summary>Reads the judgement that travels in an agent's response.</summary>
public static class AgentGuardReportExtensions
{
    /// <summary>The report of a guarded response; null when no guard saw it.</summary>
    /// <param name="response">A response.</param>
    public static GuardReport? GetGuardReport(this AgentResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.AsChatResponse().GetGuardReport();
    }

    /// <summary>The report so far of a guarded stream; null when this update carries none.</summary>
    /// <param name="update">An update of a stream.</param>
    public static GuardReport? GetGuardReport(this AgentResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.AsChatResponseUpdate().GetGuardReport();
    }
}
