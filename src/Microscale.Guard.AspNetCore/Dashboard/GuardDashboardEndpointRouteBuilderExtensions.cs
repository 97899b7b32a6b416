using Microscale.Guard.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the dashboard's page to an application.</summary>
public static class GuardDashboardEndpointRouteBuilderExtensions
{
    /// <summary>Serves the dashboard: a page, what it shows as JSON, and feedback. Visitors must be signed in, unless the options
    /// say otherwise.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">Where the page is, such as <c>/guard</c>.</param>
    /// <param name="configure">Says who may see it.</param>
    /// <returns>A builder for further conventions on all endpoints of the dashboard.</returns>
    /// <exception cref="InvalidOperationException">The history was not added, or nobody could ever be authorized; the message says
    /// what to change.</exception>
    public static IEndpointConventionBuilder MapGuardDashboard(
        this IEndpointRouteBuilder endpoints, string pattern = "/guard", Action<GuardDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        var options = new GuardDashboardOptions();
        configure?.Invoke(options);
        var services = endpoints.ServiceProvider.GetService<IServiceProviderIsService>();
        if (services?.IsService(typeof(GuardHistory)) is not true)
        {
            throw new InvalidOperationException("The dashboard has no history: call builder.Services.AddGuardDashboard() first.");
        }

        var group = endpoints.MapGroup(pattern).WithTags("Microscale.Guard").ExcludeFromDescription();
        Authorize(group, options, services);
        DashboardEndpoints.Map(group);
        return group;
    }

    private static void Authorize(RouteGroupBuilder group, GuardDashboardOptions options, IServiceProviderIsService services)
    {
        if (options.AllowAnonymous)
        {
            if (options.AuthorizationPolicy is not null)
            {
                throw new InvalidOperationException(
                    $"{nameof(GuardDashboardOptions)}.{nameof(options.AllowAnonymous)} and {nameof(options.AuthorizationPolicy)} contradict each other: keep one.");
            }

            group.AllowAnonymous();
            return;
        }

        if (!services.IsService(typeof(Authorization.IAuthorizationService)))
        {
            throw new InvalidOperationException(
                $"The dashboard asks for an authorized visitor, and the application has no authorization: call builder.Services.AddAuthorization() with a way to sign in, or open the page to everybody with {nameof(GuardDashboardOptions)}.{nameof(options.AllowAnonymous)}.");
        }

        _ = options.AuthorizationPolicy is { } policy ? group.RequireAuthorization(policy) : group.RequireAuthorization();
    }
}
