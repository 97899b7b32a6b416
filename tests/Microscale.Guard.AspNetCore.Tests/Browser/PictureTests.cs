using Microscale.Guard.AspNetCore.Tests.Harness;

namespace Microscale.Guard.AspNetCore.Tests.Browser;

/// <summary>Draws the pictures of the documentation where GUARD_PICTURES names a folder.</summary>
public class PictureTests
{
    [Fact]
    public async Task Page_WithSampleTraffic_IsDrawn()
    {
        var folder = Environment.GetEnvironmentVariable("GUARD_PICTURES");
        Assert.SkipWhen(folder is null, "GUARD_PICTURES names no folder for the pictures.");
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var app = await DashboardApp.StartAsync();
        await SampleTraffic.WriteAsync(app);
        await using var browser = await Chromium.StartAsync();
        foreach (var (name, width, height, dark) in new[] { ("desktop-light", 1440, 1000, false), ("desktop-dark", 1440, 1000, true), ("phone-light", 390, 844, false), ("phone-dark", 390, 844, true) })
        {
            List<string> errors = [];
            var page = await browser.OpenAsync(new(app.Address, "/guard"), errors, width, height, dark);
            await page.Locator("#chart-risk svg").WaitForAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder!, $"dashboard-{name}.png") });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder!, $"full-{name}.png"), FullPage = true });
            await page.Locator("#decisions .row.abstained").First.ClickAsync();
            await page.Locator("#decision .claims").WaitForAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder!, $"decision-{name}.png") });
            Assert.Empty(errors);
        }
    }
}
