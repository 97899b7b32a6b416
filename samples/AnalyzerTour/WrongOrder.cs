using Microscale.Guard;
using Microsoft.Extensions.AI;

namespace AnalyzerTour;

internal static class WrongOrder
{
    public static ChatClientBuilder UseGuard(this ChatClientBuilder builder, IClaimVerifier verifier) => builder
        .UseVerification(verifier)
        .UseAbstention(options => options.Policy = new VerdictPolicy()); // MSG005
}
