using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>The client behind an endpoint, and its name.</summary>
internal sealed class ServedClient(GuardedEndpointOptions options)
{
    private const string DefaultName = "guarded";

    public GuardedEndpointOptions Options => options;

    public static ServedClient From(Action<GuardedEndpointOptions>? configure)
    {
        var options = new GuardedEndpointOptions();
        configure?.Invoke(options);
        return new ServedClient(options);
    }

    public IChatClient Of(HttpContext context) => options.Client
        ?? (options.ServiceKey is { } key
            ? context.RequestServices.GetRequiredKeyedService<IChatClient>(key)
            : context.RequestServices.GetRequiredService<IChatClient>());

    public string NameOf(HttpContext context) =>
        options.ModelName ?? Of(context).GetService<ChatClientMetadata>()?.DefaultModelId ?? DefaultName;
}
