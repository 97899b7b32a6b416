using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microscale.Guard.AspNetCore.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Microscale.Guard.AspNetCore.Tests.Dashboard;

public partial class DashboardEndpointTests
{
    [Fact]
    public async Task Page_And_AllThatItNames_ComeFromTheApplicationItself()
    {
        await using var app = await DashboardApp.StartAsync();

        using var response = await app.Http.GetAsync(Local("/guard"));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal("/guard/", response.RequestMessage!.RequestUri!.AbsolutePath);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        await AssertAssetsAsync(app, html, []);
    }

    [Fact]
    public async Task Asset_ThatIsKnown_IsNotSentAgain()
    {
        await using var app = await DashboardApp.StartAsync();
        using var first = await app.Http.GetAsync(Local("/guard/assets/main.js"));
        using var request = new HttpRequestMessage(HttpMethod.Get, Local("/guard/assets/main.js"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await app.Http.SendAsync(request);
        using var page = await app.Http.GetAsync(Local("/guard/assets/index.html"));
        using var other = await app.Http.GetAsync(Local("/guard/assets/..%2fsecret"));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task Decision_OfARequest_IsListedAndFound()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AskAsync(ScriptedGuard.Wrong);
        await app.SettleAsync(1);

        var row = Assert.Single(await ListAsync(app));
        var view = await app.Http.GetFromJsonAsync<JsonElement>(Local($"/guard/api/decisions/{row.GetProperty("id")}"));

        Assert.Equal(("abstained", "contradicted"), (row.GetProperty("decision").GetString(), row.GetProperty("reason").GetString()));
        var detail = view.GetProperty("detail");
        Assert.Equal(ScriptedGuard.Wrong, detail.GetProperty("question").GetString());
        Assert.Equal("The tower was built by Antoni Gaudí.", detail.GetProperty("draft").GetString());
        Assert.Equal("contradicted", detail.GetProperty("claims")[0].GetProperty("verdict").GetString());
        Assert.Equal(2, detail.GetProperty("evidence").GetArrayLength());
    }

    [Theory]
    [InlineData("/guard/api/decisions/nothing", HttpStatusCode.NotFound)]
    [InlineData("/guard/api/summary?window=1y", HttpStatusCode.BadRequest)]
    [InlineData("/guard/api/decisions?limit=-5&before='", HttpStatusCode.OK)]
    public async Task Requests_ThatCannotBe_AreAnsweredWithTheirStatus(string path, HttpStatusCode status)
    {
        await using var app = await DashboardApp.StartAsync();

        using var response = await app.Http.GetAsync(Local(path));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Content_ThatIsNotCaptured_IsNowhere()
    {
        await using var app = await DashboardApp.StartAsync(o => o.CaptureContent = false);
        await app.AskAsync(ScriptedGuard.Wrong);
        await app.SettleAsync(1);
        var id = Assert.Single(await ListAsync(app)).GetProperty("id");

        var all = await app.Http.GetStringAsync(Local("/guard/api/summary"))
            + await app.Http.GetStringAsync(Local("/guard/api/decisions"))
            + await app.Http.GetStringAsync(Local($"/guard/api/decisions/{id}"));

        Assert.DoesNotContain("tower", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Gaud", all, StringComparison.Ordinal);
        Assert.Contains("\"contradicted\"", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_NewDecision_IsSent()
    {
        await using var app = await DashboardApp.StartAsync();
        using var stream = new StreamReader(await app.Http.GetStreamAsync(Local("/guard/api/stream")));
        Assert.Equal("event: hello", await stream.ReadLineAsync());

        await app.AskAsync(ScriptedGuard.Right);

        string? line;
        do
        {
            line = await stream.ReadLineAsync();
        }
        while (line is not null && !line.StartsWith("data: [", StringComparison.Ordinal));
        Assert.Contains("\"decision\":\"delivered\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feedback_WithThePagesToken_IsSavedAndExported()
    {
        await using var app = await DashboardApp.StartAsync();
        var id = await AskForIdAsync(app);
        var (header, token) = await TokenAsync(app);

        using var response = await SendFeedbackAsync(app, id, (header, token), ("Origin", app.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var export = JsonDocument.Parse(await app.Http.GetStringAsync(Local("/guard/api/labels.jsonl")));
        Assert.Equal((0.93, true, "scripted"), (export.RootElement.GetProperty("score").GetDouble(), export.RootElement.GetProperty("isCorrect").GetBoolean(), export.RootElement.GetProperty("model").GetString()));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("Origin", "https://elsewhere.example", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", true)]
    [InlineData("Sec-Fetch-Site", "same-site", true)]
    public async Task Feedback_FromElsewhere_IsRefused(string? name, string? value, bool withToken)
    {
        await using var app = await DashboardApp.StartAsync();
        var id = await AskForIdAsync(app);
        List<(string, string)> headers = [];
        if (withToken)
        {
            headers.Add(await TokenAsync(app));
        }

        if (name is not null)
        {
            headers.Add((name, value!));
        }

        using var response = await SendFeedbackAsync(app, id, [.. headers]);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(await app.Http.GetStringAsync(Local("/guard/api/labels.jsonl")));
    }

    [Theory]
    [InlineData("GET", "/guard")]
    [InlineData("GET", "/guard/assets/main.js")]
    [InlineData("GET", "/guard/api/summary")]
    [InlineData("GET", "/guard/api/decisions")]
    [InlineData("GET", "/guard/api/stream")]
    [InlineData("GET", "/guard/api/labels.jsonl")]
    [InlineData("POST", "/guard/api/decisions/x/feedback")]
    public async Task Endpoints_WithoutTheirVisitorsAuthorization_AreClosed(string method, string path)
    {
        await using var app = await DashboardApp.StartAsync(
            dashboard: _ => { },
            services: services =>
            {
                services.AddAuthentication().AddCookie(o => o.Events.OnRedirectToLogin = context =>
                {
                    context.Response.StatusCode = 401;
                    return Task.CompletedTask;
                });
                services.AddAuthorization();
            });
        using var request = new HttpRequestMessage(new HttpMethod(method), Local(path));

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task MapGuardDashboard_WithoutAuthorizationOrHistory_SaysWhatToDo()
    {
        var closed = WebApplication.CreateSlimBuilder();
        closed.Services.AddGuardDashboard();
        await using var withoutAuthorization = closed.Build();
        await using var withoutHistory = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AllowAnonymous", Assert.Throws<InvalidOperationException>(() => withoutAuthorization.MapGuardDashboard()).Message, StringComparison.Ordinal);
        Assert.Contains("AddGuardDashboard", Assert.Throws<InvalidOperationException>(() => withoutHistory.MapGuardDashboard()).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<InvalidOperationException>(() => closed.Services.AddGuardDashboard()).Message, StringComparison.Ordinal);
        Assert.Contains("contradict", Assert.Throws<InvalidOperationException>(() => withoutAuthorization.MapGuardDashboard(configure: o => (o.AllowAnonymous, o.AuthorizationPolicy) = (true, "p"))).Message, StringComparison.Ordinal);
    }

    private static async Task AssertAssetsAsync(DashboardApp app, string text, HashSet<string> seen)
    {
        foreach (var name in AssetNames().Matches(text).Select(m => m.Groups["name"].Value).Where(seen.Add))
        {
            using var response = await app.Http.GetAsync(Local($"/guard/assets/{name}"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            await AssertAssetsAsync(app, await response.Content.ReadAsStringAsync(), seen);
        }
    }

    private static async Task<JsonElement[]> ListAsync(DashboardApp app) =>
        [.. (await app.Http.GetFromJsonAsync<JsonElement>(Local("/guard/api/decisions"))).EnumerateArray()];

    private static async Task<string> AskForIdAsync(DashboardApp app)
    {
        await app.AskAsync(ScriptedGuard.Right);
        await app.SettleAsync(1);
        return Assert.Single(await ListAsync(app)).GetProperty("id").GetString()!;
    }

    private static async Task<(string Header, string Token)> TokenAsync(DashboardApp app)
    {
        var match = Token().Match(await app.Http.GetStringAsync(Local("/guard")));
        return (match.Groups["header"].Value, match.Groups["token"].Value);
    }

    private static async Task<HttpResponseMessage> SendFeedbackAsync(DashboardApp app, string id, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Local($"/guard/api/decisions/{id}/feedback")) { Content = JsonContent.Create(new { label = "right" }) };
        await request.Content.LoadIntoBufferAsync();
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await app.Http.SendAsync(request);
    }

    private static Uri Local(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("""(?:assets/|from '\./)(?<name>[\w.]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex AssetNames();

    [GeneratedRegex("""name="guard-token" content="(?<token>[^"]+)" data-header="(?<header>[^"]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
