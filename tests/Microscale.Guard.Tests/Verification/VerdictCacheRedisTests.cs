using Microscale.Guard.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Microscale.Guard.Tests.Verification;

/// <summary>Two processes' worth of services that share nothing but a Redis server.</summary>
public class VerdictCacheRedisTests
{
    [Fact]
    public async Task Replicas_ShareVerdicts()
    {
        Assert.SkipWhen(RedisServer.Missing is not null, RedisServer.Missing ?? "");
        await using var server = await RedisServer.StartAsync();
        await using var one = Replica(server);
        await using var two = Replica(server);
        var verifier = VerdictCacheTests.Verifier();
        using var first = VerdictCacheTests.Guard(verifier, one.GetRequiredService<HybridCache>());
        using var second = VerdictCacheTests.Guard(new ScriptedVerifier(_ => throw new IOException("not to be asked")) { CacheKey = "1" }, two.GetRequiredService<HybridCache>());

        await VerdictCacheTests.AskAsync(first);
        var report = await VerdictCacheTests.AskAsync(second);

        Assert.Equal([Verdict.Supported, Verdict.Contradicted], report.Verdicts!.Select(v => v.Verdict));
        Assert.All(report.Verdicts!, v => Assert.True(v.Decisive!.IsCached));
        Assert.Empty(report.Faults);

        // What came from the second level is in the first by now.
        await server.StopAsync();
        Assert.All((await VerdictCacheTests.AskAsync(second)).Verdicts!, v => Assert.True(v.Decisive!.IsCached));
    }

    [Fact]
    public async Task ServerThatIsGone_LeavesVerification()
    {
        Assert.SkipWhen(RedisServer.Missing is not null, RedisServer.Missing ?? "");
        await using var server = await RedisServer.StartAsync();
        await using var replica = Replica(server);
        var verifier = VerdictCacheTests.Verifier();
        using var client = VerdictCacheTests.Guard(verifier, replica.GetRequiredService<HybridCache>());
        await server.StopAsync();

        var report = await VerdictCacheTests.AskAsync(client);

        Assert.Equal([Verdict.Supported, Verdict.Contradicted], report.Verdicts!.Select(v => v.Verdict));
        Assert.Single(verifier.Contexts);
        Assert.All(report.Verdicts!, v => Assert.False(v.VerifierFailed));
    }

    private static ServiceProvider Replica(RedisServer server)
    {
        var services = new ServiceCollection();
        services.AddStackExchangeRedisCache(options => options.ConfigurationOptions = new ConfigurationOptions
        {
            EndPoints = { server.EndPoint },
            AbortOnConnectFail = false,
            ConnectTimeout = 1000,
            ConnectRetry = 1,
            BacklogPolicy = BacklogPolicy.FailFast,
        });
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }
}
