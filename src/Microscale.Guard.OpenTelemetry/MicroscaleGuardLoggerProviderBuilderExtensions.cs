using Microscale.Guard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenTelemetry.Logs;

/// <summary>Adds the log records of Microscale.Guard to OpenTelemetry.</summary>
public static class MicroscaleGuardLoggerProviderBuilderExtensions
{
    /// <summary>Collects the guard's log records from <see cref="LogLevel.Debug"/> up, whatever the application's level is: among them
    /// the event <c>gen_ai.evaluation.result</c> for each score and verdict, within its trace. Other log providers are left as they
    /// are. No content is recorded.</summary>
    /// <param name="builder">The builder of the provider.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static LoggerProviderBuilder AddMicroscaleGuardInstrumentation(this LoggerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services.Configure<LoggerFilterOptions>(options => options.AddFilter<OpenTelemetryLoggerProvider>(
            GuardTelemetryNames.Source, LogLevel.Debug)));
    }
}
