using System.Net.Http.Json;
using System.Text.Json;
using Microscale.Guard.Samples.WebChat;
using Microscale.Guard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microscale.Guard.Samples.Tests.WebChat;

/// <summary>The sample, as "dotnet run" starts it, on a port and with a history of its own; its model says what the tests need.</summary>
internal sealed class RunningWebChat : IAsyncDisposable
{
    public const string Known = "How tall is the tower?";
    public const string Invented = "Who built the tower?";

    private readonly WebApplication _app;
    private readonly string _history;

    private RunningWebChat(WebApplication app, string history)
    {
        (_app, _history) = (app, history);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<RunningWebChat> StartAsync(Func<IServiceCollection, Task>? addModel = null)
    {
        var history = Path.Combine(Path.GetTempPath(), $"webchat-{Guid.NewGuid():N}.db");
        var app = await WebChatApp.CreateAsync(["--urls", "http://127.0.0.1:0", "--history", history, "--Logging:LogLevel:Default", "None"], addModel ?? AddScriptedModel);
        await app.StartAsync();
        return new(app, history);
    }

    /// <summary>What the server says to a conversation, line by line.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAsync(params (string Role, string Text)[] turns)
    {
        using var response = await Http.PostAsJsonAsync("/api/chat", new { turns = turns.Select(t => new { role = t.Role, text = t.Text }) });
        response.EnsureSuccessStatusCode();
        return [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(_history) + "*"))
        {
            File.Delete(file);
        }
    }

    private static Task AddScriptedModel(IServiceCollection services)
    {
        Evidence[] documents =
        [
            new("tower", "The tower is 330 metres tall. It has 1,665 steps.") { Source = "The tower", Url = new("https://example.org/tower") },
            new("builder", "The tower was built by Gustave Eiffel's company.") { Source = "Its builder" },
        ];
        services
            .AddChatClient(new ScriptedChatClient
            {
                Respond = call => call.Messages.Last(m => m.Role == ChatRole.User).Text.Contains("built", StringComparison.Ordinal)
                    ? "The tower was built by Antoni Gaudí."
                    : "The tower is 330 metres tall. It has 1,665 steps.",
            })
            .UseHallucinationGuard(guard => guard
                .GroundWith(EvidenceSource.FromDelegate((_, _) => new(documents)))
                .VerifyWith(new ScriptedVerifier(c => c.Text.Contains("Gaudí", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported)));
        return Task.CompletedTask;
    }
}
