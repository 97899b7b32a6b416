using Microsoft.Extensions.AI;

namespace AnalyzerTour;

internal static class SensitiveTelemetry
{
    public static ChatClientBuilder UseTelemetry(this ChatClientBuilder builder) =>
        builder.UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true); // MSG011
}
