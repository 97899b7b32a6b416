using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class CreationTests
{
    private static readonly Verify Unguarded = new("MSG001");

    [Theory]
    [InlineData("IChatClient client = Make(); IChatClient Make() => new OllamaApiClient(uri, \"m\");")]
    [InlineData("IChatClient client = new OllamaApiClient(uri, \"m\");")]
    [InlineData("var client = new OllamaApiClient(uri, \"m\");")]
    [InlineData("using var client = new OllamaApiClient(uri, \"m\");")]
    [InlineData("using IChatClient client = new OllamaApiClient(uri, \"m\") { SelectedModel = \"n\" };")]
    [InlineData("var client = (IChatClient)new OllamaApiClient(uri, \"m\");")]
    [InlineData("var client = new OllamaApiClient(uri, \"m\") as IChatClient;")]
    [InlineData("var client = (new OllamaApiClient(uri, \"m\"))!;")]
    [InlineData("IChatClient client = new OpenAI.OpenAIClient(\"key\").GetChatClient(\"m\").AsIChatClient();")]
    [InlineData("IChatClient client = await Task.FromResult<IChatClient>(new OllamaApiClient(uri, \"m\"));")]
    [InlineData("IChatClient client = await new ValueTask<IChatClient>(new OllamaApiClient(uri, \"m\"));")]
    [InlineData("IChatClient client = new LoggingChatClient(new OllamaApiClient(uri, \"m\"), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);")]
    public async Task Call_OnAClientMadeInSight_IsReported(string origin) =>
        await Unguarded.ReportsInMethodAsync(origin + "\nawait [|client.GetResponseAsync(\"q\")|];");

    [Theory]
    [InlineData("IChatClient client = flag ? new OllamaApiClient(uri, \"m\") : new OllamaApiClient(uri, \"n\");")]
    [InlineData("IChatClient client = flag ? injected : new OllamaApiClient(uri, \"n\");")]
    [InlineData("IChatClient client = injected ?? new OllamaApiClient(uri, \"n\");")]
    [InlineData("IChatClient? client = null; client ??= new OllamaApiClient(uri, \"n\");")]
    [InlineData("IChatClient client = flag switch { true => new OllamaApiClient(uri, \"n\"), false => throw new InvalidOperationException() };")]
    [InlineData("IChatClient client = flag switch { true => new OllamaApiClient(uri, \"n\"), false => injected.AsBuilder().UseHallucinationGuard(_ => { }).Build() };")]
    [InlineData("IChatClient client; if (flag) { client = injected; } else { client = new OllamaApiClient(uri, \"m\"); }")]
    public async Task Call_WithAnUnguardedBranch_IsReported(string origin) =>
        await Unguarded.ReportsInMethodAsync("#nullable disable warnings\n#nullable enable annotations\n" + origin + "\nawait [|client.GetResponseAsync(\"q\")|];");

    [Theory]
    [InlineData("IChatClient client = injected;")]
    [InlineData("IChatClient client = flag ? injected : null!;")]
    [InlineData("IChatClient client = injected ?? throw new InvalidOperationException();")]
    [InlineData("IChatClient client = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<IChatClient>(services);")]
    [InlineData("var (client, _) = (injected, 1);")]
    [InlineData("if (services is not IChatClient client) return;")]
    [InlineData("object o = services; var client = o switch { IChatClient c => c, _ => injected };")]
    [InlineData("IChatClient client = null!;")]
    [InlineData("IChatClient client = new LoggingChatClient(injected, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);")]
    [InlineData("IChatClient client = new Microscale.Guard.AbstentionChatClient(new OllamaApiClient(uri, \"m\"), new());")]
    [InlineData("IChatClient client = new LoggingChatClient(new Microscale.Guard.AbstentionChatClient(new OllamaApiClient(uri, \"m\"), new()), null!);")]
    [InlineData("var clients = new List<IChatClient>(); var client = clients[0];")]
    [InlineData("Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetService<IChatClient>(services)!.Dispose(); dynamic d = injected; IChatClient client = d;")]
    public async Task Call_OnAClientFromOutOfSightOrGuarded_IsSilent(string origin) =>
        await Unguarded.ReportsInMethodAsync(origin + "\nawait client.GetResponseAsync(\"q\");");

    [Fact]
    public async Task Call_OnAClientOfClients_TracesThemAll() => await Unguarded.ReportsAsync("""
        abstract class Router : IChatClient
        {
            public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
            public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
            public object? GetService(Type t, object? k = null) => null;
            public void Dispose() { }
        }

        class ByFlag : Router { public ByFlag(IChatClient one, IChatClient? other = null) { } }
        class ByArray : Router { public ByArray(params IChatClient[] all) { } }
        class ByFactory : Router { public ByFactory(Func<IChatClient> make) { } }

        class C
        {
            async Task M(IChatClient injected, Uri uri, IChatClient[] some)
            {
                await [|new ByFlag(injected, new OllamaApiClient(uri, "m")).GetResponseAsync("q")|];
                await [|new ByArray(injected, new OllamaApiClient(uri, "m")).GetResponseAsync("q")|];
                await [|new ByFactory(() => new OllamaApiClient(uri, "m")).GetResponseAsync("q")|];
                await new ByFlag(injected).GetResponseAsync("q");
                await new ByArray(injected, injected).GetResponseAsync("q");
                await new ByArray(some).GetResponseAsync("q");
                await new ByFactory(() => injected).GetResponseAsync("q");
            }
        }
        """);
}
