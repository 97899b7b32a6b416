namespace Microscale.Guard.AspNetCore.Tests.Harness;

/// <summary>Waits for what happens on other threads; a minute is for machines under load, and is a failure.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 6000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition(), "It did not happen within a minute.");
    }
}
