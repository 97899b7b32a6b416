using Microscale.Guard.AspNetCore;
using Microscale.Guard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the dashboard's history to an application.</summary>
public static class GuardDashboardServiceCollectionExtensions
{
    /// <summary>Keeps what becomes of guarded requests, for <c>MapGuardDashboard</c>, in a SQLite file and without content.
    /// Guards whose client is built with the application's services are seen without more.</summary>
    /// <param name="services">The services.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddGuardDashboard(this IServiceCollection services) => services.AddGuardDashboard(_ => { });

    /// <summary>Keeps what becomes of guarded requests, for <c>MapGuardDashboard</c>. Guards whose client is built with the
    /// application's services are seen without more.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets where and how much is kept.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">A setting cannot be used; the message says what to change.</exception>
    public static IServiceCollection AddGuardDashboard(this IServiceCollection services, Action<GuardHistoryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new GuardHistoryOptions();
        configure(options);
        options.Validate();
        if (services.Any(s => s.ServiceType == typeof(GuardHistory)))
        {
            throw new InvalidOperationException($"{nameof(AddGuardDashboard)} was called twice: there is one history an application.");
        }

        services.AddSingleton(options);
        services.AddSingleton<HistoryDatabase>(s => options.PostgreSql is null
            ? new SqliteHistoryDatabase(options, s.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory)
            : new PostgreSqlHistoryDatabase(options));
        services.AddSingleton<HistoryTelemetry>();
        services.AddSingleton<DecisionStore>();
        services.AddSingleton<LabelStore>();
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<SummaryCache>();
        services.AddSingleton<DecisionFeed>();
        services.AddSingleton<GuardHistory>();
        services.AddSingleton<IGuardObserver>(s => s.GetRequiredService<GuardHistory>());
        services.AddHostedService(s => s.GetRequiredService<GuardHistory>());
        services.AddAntiforgery();
        return services;
    }

    /// <summary>Keeps what becomes of guarded requests, as a section of the configuration says.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, with the names of <see cref="GuardHistoryOptions"/>; read once, now.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The section holds a value or a name that cannot be.</exception>
    public static IServiceCollection AddGuardDashboard(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddGuardDashboard(options => section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true));
    }
}
