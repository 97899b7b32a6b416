using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class SensitiveTelemetryTests
{
    private static readonly Verify Telemetry = new("MSG011");

    [Fact]
    public async Task ContentCapture_IsReported() => await Telemetry.ReportsInMethodAsync("""
        injected.AsBuilder().UseOpenTelemetry(configure: telemetry => [|telemetry.EnableSensitiveData = true|]);
        _ = new OpenTelemetryChatClient(injected) { [|EnableSensitiveData = true|] };
        [|AppContext.SetSwitch("Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive", true)|];
        var isDevelopment = flag;
        if (!isDevelopment) { _ = new OpenTelemetryChatClient(injected) { [|EnableSensitiveData = true|] }; }
        if (flag) { _ = new OpenTelemetryChatClient(injected) { [|EnableSensitiveData = true|] }; }
        """);

    [Fact]
    public async Task ContentCaptureInDevelopment_IsSilent() => await Telemetry.ReportsInMethodAsync("""
        var isDevelopment = flag;
        injected.AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = isDevelopment);
        injected.AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = false);
        if (isDevelopment)
        {
            injected.AsBuilder().UseOpenTelemetry(configure: telemetry => { telemetry.EnableSensitiveData = true; });
            AppContext.SetSwitch("Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive", true);
        }

        AppContext.SetSwitch("Switch.Of.Another", true);
        #if !DEBUG
        #else
        #endif
        """);

    [Fact]
    public async Task ContentCaptureInADebugRegion_IsSilent() => await Telemetry.ReportsAsync("""
        #define DEBUG
        class C
        {
            void M(IChatClient client)
            {
        #if DEBUG
                _ = new OpenTelemetryChatClient(client) { EnableSensitiveData = true };
        #else
                _ = new OpenTelemetryChatClient(client);
        #endif
                _ = new OpenTelemetryChatClient(client) { [|EnableSensitiveData = true|] };
            }
        }
        """);
}
