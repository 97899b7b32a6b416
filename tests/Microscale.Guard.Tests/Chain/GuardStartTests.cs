using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microscale.Guard.Tests.Chain;

public class GuardStartTests
{
    [Theory]
    [InlineData(ServiceLifetime.Singleton, false)]
    [InlineData(ServiceLifetime.Scoped, false)]
    [InlineData(ServiceLifetime.Transient, false)]
    [InlineData(ServiceLifetime.Singleton, true)]
    [InlineData(ServiceLifetime.Scoped, true)]
    public async Task Start_GuardThatCannotBe_Fails(ServiceLifetime lifetime, bool keyed)
    {
        var services = new ServiceCollection();
        services.ValidateGuardsOnStart();
        Add(services, lifetime, keyed).UseHallucinationGuard((_, guard) => guard.AbstainBelow(0.5));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(provider));

        Assert.Contains("ScoreWith", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MissingService_Fails()
    {
        var services = new ServiceCollection();
        Add(services, ServiceLifetime.Scoped, keyed: false)
            .UseHallucinationGuard((provider, guard) => guard.VerifyWith(provider.GetRequiredService<IClaimVerifier>()));
        services.ValidateGuardsOnStart();
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(provider));
    }

    [Fact]
    public async Task Start_SoundGuards_BuildsEachOnce()
    {
        var (services, built) = (new ServiceCollection(), 0);
        foreach (var keyed in (bool[])[false, true])
        {
            Add(services, ServiceLifetime.Singleton, keyed).UseHallucinationGuard((_, guard) =>
            {
                built++;
                guard.VerifyWith(ScriptedVerifier.Always(Verdict.Supported));
            });
        }

        services.ValidateGuardsOnStart();
        await using var provider = services.BuildServiceProvider();

        await StartAsync(provider);

        Assert.Equal(2, built);
        Assert.NotNull(provider.GetRequiredService<IChatClient>());
        Assert.Equal(2, built);
    }

    private static ChatClientBuilder Add(ServiceCollection services, ServiceLifetime lifetime, bool keyed) => keyed
        ? services.AddKeyedChatClient("one", _ => new ScriptedChatClient("x"), lifetime)
        : services.AddChatClient(_ => new ScriptedChatClient("x"), lifetime);

    private static async Task StartAsync(ServiceProvider provider)
    {
        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }
}
