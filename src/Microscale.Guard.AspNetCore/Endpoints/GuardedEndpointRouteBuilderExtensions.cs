using Microscale.Guard.AspNetCore.Endpoints;
using Microscale.Guard.AspNetCore.Endpoints.Ollama;
using Microscale.Guard.AspNetCore.Endpoints.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Microscale.Guard.AspNetCore;

/// <summary>Serves a guarded client to programs that speak a known protocol.</summary>
public static class GuardedEndpointRouteBuilderExtensions
{
    /// <summary>Serves a guarded client by OpenAI's protocol: <c>/v1/chat/completions</c>, streaming and not, with tools and structured
    /// output, and <c>/v1/models</c>.</summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="configure">Sets how it is served; null for the defaults.</param>
    /// <returns>Adds conventions to all routes of the protocol, such as authorization: there is none by default.</returns>
    /// <remarks>The judgement stands in the field <c>microscale_guard</c> of a response, or of the last chunk of a stream. Malformed
    /// requests get the protocol's own errors. Tools are the caller's: their calls are handed out, never run here.</remarks>
    public static IEndpointConventionBuilder MapGuardedOpenAI(this IEndpointRouteBuilder endpoints, Action<GuardedEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var routes = endpoints.MapGroup("/v1");
        new OpenAIEndpoint(ServedClient.From(configure)).Map(routes);
        return routes;
    }

    /// <summary>Serves a guarded client by Ollama's protocol: <c>/api/chat</c> and <c>/api/generate</c>, streaming and not, with tools and
    /// structured output, <c>/api/tags</c>, <c>/api/show</c>, <c>/api/ps</c> and <c>/api/version</c>.</summary>
    /// <inheritdoc cref="MapGuardedOpenAI"/>
    public static IEndpointConventionBuilder MapGuardedOllama(this IEndpointRouteBuilder endpoints, Action<GuardedEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var routes = endpoints.MapGroup("");
        new OllamaEndpoint(ServedClient.From(configure)).Map(routes);
        return routes;
    }
}
