namespace Microscale.Guard.AspNetCore.Tests.Browser;

/// <summary>One browser for the tests of a class; none where there is no Chromium.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private Chromium? _chromium;

    internal Chromium Chromium
    {
        get
        {
            Assert.SkipWhen(_chromium is null, Chromium.Missing ?? "");
            return _chromium!;
        }
    }

    public async ValueTask InitializeAsync() => _chromium = Chromium.Missing is null ? await Chromium.StartAsync() : null;

    public ValueTask DisposeAsync() => _chromium?.DisposeAsync() ?? ValueTask.CompletedTask;
}
