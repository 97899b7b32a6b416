using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.AspNetCore.Tests.Harness;

/// <summary>An application with a guarded model and the dashboard, on a port of its own and a history in a folder of its own.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private DashboardApp(WebApplication app, string folder)
    {
        (_app, _folder) = (app, folder);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public IChatClient Client => Services.GetRequiredService<IChatClient>();

    public GuardHistoryOptions Options => Services.GetRequiredService<GuardHistoryOptions>();

    public HistoryTelemetry Telemetry => Services.GetRequiredService<HistoryTelemetry>();

    /// <summary>Starts the application.</summary>
    /// <param name="history">Further settings of the history; content is captured.</param>
    /// <param name="dashboard">Who may see it; everybody, unless said otherwise.</param>
    /// <param name="services">Further services.</param>
    public static async Task<DashboardApp> StartAsync(
        Action<GuardHistoryOptions>? history = null, Action<GuardDashboardOptions>? dashboard = null, Action<IServiceCollection>? services = null)
    {
        var folder = Directory.CreateTempSubdirectory("guard-dashboard-").FullName;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        ScriptedGuard.Add(builder.Services);
        services?.Invoke(builder.Services);
        builder.Services.AddGuardDashboard(options =>
        {
            options.CaptureContent = true;
            history?.Invoke(options);
        });
        var app = builder.Build();
        app.MapGuardDashboard("/guard", dashboard ?? (options => options.AllowAnonymous = true));
        await app.StartAsync();
        return new(app, folder);
    }

    /// <summary>Asks the guarded model.</summary>
    public Task<ChatResponse> AskAsync(string question) => Client.GetResponseAsync(question);

    /// <summary>Waits until the history has taken or dropped so many decisions.</summary>
    public Task SettleAsync(long decisions) => Wait.UntilAsync(() => Telemetry.Written + Telemetry.Dropped >= decisions);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
