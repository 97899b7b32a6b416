using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.WebChat;

/// <summary>The chat page at /, and the guard's dashboard at /guard.</summary>
internal static class WebChatApp
{
    /// <summary>Puts the application together.</summary>
    /// <param name="args">The command line, for ASP.NET Core: such as <c>--urls http://localhost:5080</c>, or <c>--history FILE</c>.</param>
    /// <param name="addModel">Registers the guarded client; tests give a scripted one.</param>
    public static async Task<WebApplication> CreateAsync(string[] args, Func<IServiceCollection, Task> addModel)
    {
        // The page's files are copied beside the program, so that it starts in whatever folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddGuardDashboard(history =>
        {
            // Everything stays on the machine of the person who asks, so the dashboard may show it.
            history.CaptureContent = true;
            history.SqliteFile = builder.Configuration["history"] ?? Path.Combine(Path.GetTempPath(), "microscale-guard-webchat.db");
        });
        await addModel(builder.Services);

        var app = builder.Build();
        app.Use(SecurityHeaders.AddAsync);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapPost("/api/chat", ChatEndpoint.AnswerAsync);

        // Open to everybody who reaches the sample, which listens on this machine only. An application asks for a policy.
        app.MapGuardDashboard("/guard", dashboard => dashboard.AllowAnonymous = true);

        // A missing model is a matter of the start, not of the first question.
        app.Services.GetRequiredService<IChatClient>();
        return app;
    }
}
