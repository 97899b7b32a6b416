using System.Net.Http.Json;
using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.AspNetCore.Tests.Endpoints;

/// <summary>Both endpoints over HTTP on a loopback port, before a scripted model whose claims with "wrong" in them are contradicted.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    public const string Model = "guarded-model";

    private readonly WebApplication _application;

    private GuardedServer(WebApplication application, ScriptedChatClient model)
    {
        _application = application;
        Inner = model;
        Address = new Uri(application.Urls.Single());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>The model behind the guard.</summary>
    public ScriptedChatClient Inner { get; }

    public HttpClient Http { get; }

    public static Task<GuardedServer> StartAsync(params ScriptedReply[] replies) => StartAsync(new ScriptedChatClient(replies));

    public static async Task<GuardedServer> StartAsync(ScriptedChatClient model, Action<GuardedEndpointOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddChatClient(model).UseHallucinationGuard(guard => guard
            .VerifyWith(new ScriptedVerifier(c => c.Text.Contains("wrong", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported)));
        var application = builder.Build();
        application.MapGuardedOpenAI(Configure);
        application.MapGuardedOllama(Configure);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new GuardedServer(application, model);

        void Configure(GuardedEndpointOptions options)
        {
            options.ModelName = Model;
            configure?.Invoke(options);
        }
    }

    /// <summary>Posts a body as it is.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    /// <summary>Posts a body, and reads the lines that come back.</summary>
    public async Task<string[]> PostForLinesAsync(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.DisposeAsync();
    }
}
