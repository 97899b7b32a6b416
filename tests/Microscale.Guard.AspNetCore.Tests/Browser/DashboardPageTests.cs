using Deque.AxeCore.Playwright;
using Microscale.Guard.AspNetCore.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Microscale.Guard.AspNetCore.Tests.Browser;

/// <summary>The page in a real browser. Each step waits for what it expects; nothing waits for a time.</summary>
public sealed class DashboardPageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };
    private static readonly LocatorAssertionsToHaveTextOptions PatientText = new() { Timeout = 60_000 };

    [Fact]
    public async Task Decisions_ComeInLive_AndAnAbstentionOpensWithWhatWasWithheld()
    {
        await using var app = await DashboardApp.StartAsync();
        List<string> errors = [];
        var page = await fixture.Chromium.OpenAsync(Page(app), errors);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live", PatientText);
        await Expect(page.Locator("#decisions .nothing")).ToBeVisibleAsync(Patient);

        await app.Client.GetStreamingResponseAsync(ScriptedGuard.Right).ToChatResponseAsync();
        await app.Client.GetStreamingResponseAsync(ScriptedGuard.Wrong).ToChatResponseAsync();

        await Expect(page.Locator("#decisions .row.delivered .question")).ToHaveTextAsync(ScriptedGuard.Right, PatientText);
        var abstained = page.Locator("#decisions .row.abstained");
        await Expect(abstained.Locator(".reason")).ToHaveTextAsync("Contradicted", PatientText);
        await Expect(page.Locator("#tiles .tile.requests .big")).ToHaveTextAsync("2", PatientText);
        await abstained.ClickAsync();
        await Expect(page.Locator("#decision .judged .claim.contradicted")).ToContainTextAsync("Antoni Gaudí", new() { Timeout = 60_000 });
        await Expect(page.Locator("#decision .evidence li").First).ToContainTextAsync("tower.md", new() { Timeout = 60_000 });
        await Expect(page.Locator("#decision .given")).Not.ToContainTextAsync("Gaudí");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Dialog_ByKeyboard_TakesTheFocusAndGivesItBack()
    {
        await using var app = await StartWithDecisionsAsync();
        List<string> errors = [];
        var page = await fixture.Chromium.OpenAsync(Page(app), errors);
        var row = page.Locator("#decisions .row").First;
        await row.FocusAsync();

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#decision .feedback")).ToBeVisibleAsync(Patient);
        await Expect(page.Locator("#decision .close")).ToBeFocusedAsync(new() { Timeout = 60_000 });
        for (var i = 0; i < 12; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("document.activeElement === document.body || document.getElementById('decision').contains(document.activeElement)"));
        }

        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#decision")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await Expect(row).ToBeFocusedAsync(new() { Timeout = 60_000 });
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Feedback_GivenInTheDialog_IsStoredAndShown()
    {
        await using var app = await StartWithDecisionsAsync();
        List<string> errors = [];
        var page = await fixture.Chromium.OpenAsync(Page(app), errors);
        await page.Locator("#decisions .row.abstained", new() { HasText = ScriptedGuard.Unsure }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Should have answered" }).ClickAsync();

        await Expect(page.Locator("#decision .feedback .status")).ToHaveTextAsync("Saved as a label.", PatientText);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Should have answered", Pressed = true })).ToBeVisibleAsync(Patient);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#decisions .labelled")).ToHaveTextAsync("★ Should have answered", PatientText);
        await Expect(page.Locator("#chart-risk svg")).ToBeVisibleAsync(Patient);
        var label = Assert.Single(await app.Services.GetRequiredService<LabelStore>().ExportAsync(default));
        Assert.Equal((0.31, true), (label.Score, label.IsCorrect));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Slider_Moved_ShowsWhatTheThresholdWouldHaveDone()
    {
        await using var app = await StartWithDecisionsAsync();
        List<string> errors = [];
        var page = await fixture.Chromium.OpenAsync(Page(app), errors);
        var slider = page.GetByLabel("Threshold", new() { Exact = true });
        await Expect(slider).ToHaveValueAsync("50", new() { Timeout = 60_000 });
        var figures = page.Locator(".what-if .fig strong");
        await Expect(figures.First).ToHaveTextAsync("1 of 3", PatientText);

        await slider.FillAsync("31");
        await Expect(figures.Nth(0)).ToHaveTextAsync("2 of 3", PatientText);
        await Expect(figures.Nth(1)).ToHaveTextAsync("+1", PatientText);
        await slider.PressAsync("End");
        await Expect(figures.Nth(0)).ToHaveTextAsync("0 of 3", PatientText);
        await Expect(figures.Nth(2)).ToHaveTextAsync("−1", PatientText);
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to the policy’s" }).ClickAsync();
        await Expect(figures.Nth(0)).ToHaveTextAsync("1 of 3", PatientText);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task HostileAnswer_IsTextAndNothingElse()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AskAsync(ScriptedGuard.Hostile);
        await app.SettleAsync(1);
        List<string> errors = [];
        var page = await fixture.Chromium.OpenAsync(Page(app), errors);

        await page.Locator("#decisions .row").ClickAsync();

        await Expect(page.Locator("#decision .judged")).ToContainTextAsync("<img src=x onerror=", new() { Timeout = 60_000 });
        Assert.Equal(0, await page.Locator("#decision img, #decision b").CountAsync());
        Assert.Equal("Guard dashboard", await page.TitleAsync());
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(false, 1440)]
    [InlineData(true, 1440)]
    [InlineData(false, 390)]
    [InlineData(true, 390)]
    public async Task Page_IsAccessible(bool dark, int width)
    {
        await using var app = await DashboardApp.StartAsync();
        await SampleTraffic.WriteAsync(app);
        List<string> errors = [];
        var page = await fixture.Chromium.OpenAsync(Page(app), errors, width, dark: dark);
        await Expect(page.Locator("#chart-risk svg")).ToBeVisibleAsync(Patient);

        var look = $"{(width > 1000 ? "desktop" : "phone")}-{(dark ? "dark" : "light")}";
        await Pictures.KeepAsync(page, "dashboard-" + look);
        var main = await page.RunAxe();
        var tree = await page.Locator("body").AriaSnapshotAsync();
        await page.Locator("#decisions .row.abstained", new() { HasText = "Contradicted" }).First.ClickAsync();
        await Expect(page.Locator("#decision .feedback")).ToBeVisibleAsync(Patient);
        await Pictures.KeepAsync(page, "decision-" + look);
        var dialog = await page.Locator("#decision").RunAxe();

        Assert.Empty(main.Violations.Concat(dialog.Violations).Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}"));
        Assert.All(
            new[] { "- banner", "- main", "heading \"Guard\" [level=1]", "slider \"Threshold\"", "img \"Risk–coverage curve", "list \"Latest decisions, newest first\"", "radio \"1 h\" [checked]" },
            part => Assert.Contains(part, tree, StringComparison.Ordinal));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window.");
        Assert.Empty(errors);
    }

    private static Uri Page(DashboardApp app) => new(app.Address, "/guard");

    private static async Task<DashboardApp> StartWithDecisionsAsync()
    {
        var app = await DashboardApp.StartAsync();
        foreach (var question in new[] { ScriptedGuard.Right, ScriptedGuard.Wrong, ScriptedGuard.Unsure, ScriptedGuard.Unknown })
        {
            await app.AskAsync(question);
        }

        await app.SettleAsync(4);
        return app;
    }
}
