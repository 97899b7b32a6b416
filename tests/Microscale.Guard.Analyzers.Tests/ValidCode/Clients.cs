using Microscale.Guard;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace ValidCode;

/// <summary>Factories, fields, properties and branches, all of them guarded.</summary>
public sealed class Clients(Uri address)
{
    private static readonly IChatClient Shared = Guard(new OllamaApiClient("http://localhost:11434/", "small"));

    private readonly IChatClient _primary = Guard(new OllamaApiClient(address, "small"));
    private readonly Lazy<IChatClient> _late = new(() => Guard(new OllamaApiClient(address, "large")));
    private IChatClient? _cached;

    public IChatClient Primary => _primary;

    public IChatClient Fallback { get; } = Guard(new OllamaApiClient(address, "fallback"));

    public static IChatClient Create(Uri address) =>
        new ChatClientBuilder(new OllamaApiClient(address, "small")).UseHouseGuard().UseLogging().Build();

    public async Task<string> AskAsync(string question, bool large, CancellationToken cancellationToken)
    {
        var client = large ? _late.Value : _cached ??= Create(address);
        client = client ?? throw new InvalidOperationException();
        var (first, second) = (Primary, Fallback);
        List<IChatClient> all = [client, first, second, Shared];
        foreach (var one in all)
        {
            await one.GetResponseAsync(question, cancellationToken: cancellationToken);
        }

        return large switch
        {
            true => (await first.GetResponseAsync(question, cancellationToken: cancellationToken)).Text,
            _ => (await AskSecond()).Text,
        };

        async Task<ChatResponse> AskSecond() => await second.GetResponseAsync(question, cancellationToken: cancellationToken);
    }

    private static IChatClient Guard(IChatClient client)
    {
        var builder = client.AsBuilder();
        builder.UseHouseGuard();
        return builder.Build();
    }
}

internal static class HouseExtensions
{
    public static ChatClientBuilder UseHouseGuard(this ChatClientBuilder builder) =>
        builder.UseHallucinationGuard(guard => guard.VerifyWith([new FactsVerifier()]));
}
