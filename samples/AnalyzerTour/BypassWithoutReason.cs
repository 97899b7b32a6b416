using Microscale.Guard;
using Microsoft.Extensions.AI;

namespace AnalyzerTour;

internal static class BypassWithoutReason
{
    public static ChatOptions Options() => new ChatOptions().BypassGuard("todo"); // MSG010
}
