using Microsoft.Playwright;

namespace Microscale.Guard.AspNetCore.Tests.Browser;

/// <summary>Keeps pictures for the documentation where the variable GUARD_PICTURES names a folder, such as docs/images.</summary>
internal static class Pictures
{
    public static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GUARD_PICTURES") is { } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }
    }
}
