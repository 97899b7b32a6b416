using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microscale.Guard;

/// <summary>Finds guards that are set up wrongly when the host starts, and not with the first request.</summary>
public static class GuardServiceCollectionExtensions
{
    /// <summary>Builds every registered chat client once when the host starts, in a scope of its own, so that a guard whose parts do not
    /// make sense together, or whose services are missing, keeps the host from starting.</summary>
    /// <param name="services">The services, with chat clients that are registered before or after this; keyed ones too.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection ValidateGuardsOnStart(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddHostedService(provider => new GuardValidation(services, provider.GetRequiredService<IServiceScopeFactory>()));
    }

    private sealed class GuardValidation(IServiceCollection services, IServiceScopeFactory scopes) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var client in services.Where(s => s.ServiceType == typeof(IChatClient)))
            {
                if (!client.IsKeyedService)
                {
                    scope.ServiceProvider.GetServices<IChatClient>();
                }
                else if (client.ServiceKey != KeyedService.AnyKey)
                {
                    scope.ServiceProvider.GetKeyedServices<IChatClient>(client.ServiceKey);
                }
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
