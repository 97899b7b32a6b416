using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.AspNetCore;

/// <summary>The endpoints of the dashboard. All of them only read, but for feedback.</summary>
internal static partial class DashboardEndpoints
{
    private const int MaxListed = 200;
    private const int MaxFeedbackBytes = 1024;

    private static readonly Dictionary<string, TimeSpan> Windows = new(StringComparer.Ordinal)
    {
        ["15m"] = TimeSpan.FromMinutes(15),
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromHours(24),
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
    };

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/", DashboardPage.ServeAsync);
        group.MapGet("/assets/{name}", DashboardPage.ServeAssetAsync);
        group.MapGet("/api/summary", Reading(SummaryAsync));
        group.MapGet("/api/decisions", Reading(ListAsync));
        group.MapGet("/api/decisions/{id}", Reading(FindAsync));
        group.MapGet("/api/labels.jsonl", Reading(ExportAsync));
        group.MapGet("/api/stream", StreamAsync);
        group.MapPost("/api/decisions/{id}/feedback", Reading(FeedbackAsync));
    }

    private static Task SummaryAsync(HttpContext context) => Windows.TryGetValue(Query(context, "window") ?? "1h", out var window)
        ? WriteSummaryAsync(context, window)
        : RefuseAsync(context, StatusCodes.Status400BadRequest, $"The window is one of {string.Join(", ", Windows.Keys)}.");

    private static async Task WriteSummaryAsync(HttpContext context, TimeSpan window)
    {
        var summary = await context.RequestServices.GetRequiredService<SummaryCache>()
            .ReadAsync(window, Query(context, "scorer"), context.RequestAborted);
        await WriteAsync(context, summary, DashboardJsonContext.Default.DashboardSummary);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var limit = int.TryParse(Query(context, "limit"), out var asked) ? Math.Clamp(asked, 1, MaxListed) : 50;
        var filter = new DecisionFilter(Query(context, "before"), Query(context, "decision"), Query(context, "reason"));
        var rows = await context.RequestServices.GetRequiredService<DecisionStore>().ListAsync(filter, limit, context.RequestAborted);
        await WriteAsync(context, rows, DashboardJsonContext.Default.ListDecisionRow);
    }

    private static async Task FindAsync(HttpContext context)
    {
        var found = await context.RequestServices.GetRequiredService<DecisionStore>().FindAsync(Id(context), context.RequestAborted);
        await (found is null
            ? RefuseAsync(context, StatusCodes.Status404NotFound, "The decision is not in the history any more.")
            : WriteAsync(context, found, DashboardJsonContext.Default.DecisionView));
    }

    private static async Task ExportAsync(HttpContext context)
    {
        var lines = await context.RequestServices.GetRequiredService<LabelStore>().ExportAsync(context.RequestAborted);
        Prepare(context, "application/x-ndjson; charset=utf-8");
        context.Response.Headers.ContentDisposition = "attachment; filename=\"labels.jsonl\"";
        foreach (var line in lines)
        {
            await context.Response.WriteAsync(JsonSerializer.Serialize(line, LabelJsonContext.Default.LabelLine) + "\n", context.RequestAborted);
        }
    }

    private static async Task FeedbackAsync(HttpContext context)
    {
        if (!SameOrigin.Holds(context.Request) || !await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The request did not come from the dashboard's own page: reload it.");
            return;
        }

        if (await ReadFeedbackAsync(context) is not { } feedback)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Feedback is JSON such as {\"label\": \"right\"}.");
            return;
        }

        var outcome = await context.RequestServices.GetRequiredService<LabelStore>().SaveAsync(Id(context), feedback.Label, context.RequestAborted);
        context.RequestServices.GetRequiredService<SummaryCache>().Forget();
        await (outcome switch
        {
            FeedbackOutcome.NotFound => RefuseAsync(context, StatusCodes.Status404NotFound, "The decision is not in the history any more."),
            FeedbackOutcome.DoesNotFit => RefuseAsync(
                context, StatusCodes.Status400BadRequest, "The label is right, wrong (for an answer) or should_have_answered (for an abstention)."),
            _ => WriteAsync(context, feedback, DashboardJsonContext.Default.Feedback),
        });
    }

    private static async Task<Feedback?> ReadFeedbackAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType() || context.Request.ContentLength is not <= MaxFeedbackBytes)
        {
            return null;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, DashboardJsonContext.Default.Feedback, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task StreamAsync(HttpContext context)
    {
        Prepare(context, "text/event-stream");
        await context.RequestServices.GetRequiredService<DecisionFeed>().WriteToAsync(context.Response, context.RequestAborted);
    }

    /// <summary>An endpoint that says so where the history cannot be had.</summary>
    private static RequestDelegate Reading(RequestDelegate handle) => async context =>
    {
        try
        {
            await handle(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The visitor has left.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            LogUnavailable(context.RequestServices.GetRequiredService<ILogger<DecisionFeed>>(), exception.GetType().FullName, exception.Message);
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The history cannot be read now.");
        }
    };

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        Prepare(context, "application/json; charset=utf-8");
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new Refusal(message), DashboardJsonContext.Default.Refusal);
    }

    private static void Prepare(HttpContext context, string contentType)
    {
        DashboardPage.SetSecurityHeaders(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = contentType;
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    [LoggerMessage(LogLevel.Warning, "The dashboard could not read its history: {ErrorType} {ErrorMessage}")]
    private static partial void LogUnavailable(ILogger logger, string? errorType, string errorMessage);
}
