using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class UnguardedRegistrationTests
{
    private const string Guard = ".UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6))";

    private static readonly Verify Registration = new("MSG003");

    private static string InSetup(string body) => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.DependencyInjection.Extensions;

        class Setup
        {
            void M(IServiceCollection services, Uri uri, IChatClient injected, bool flag)
            {
                {{body}}
            }
        }

        class Own(Uri uri) : IChatClient
        {
            public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
            public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
            public object? GetService(Type t, object? k = null) => null;
            public void Dispose() { }
        }

        static class OwnExtensions
        {
            public static ChatClientBuilder UseHouseLogging(this ChatClientBuilder builder) => builder.UseLogging();
            public static ChatClientBuilder UseHouseRules(this ChatClientBuilder builder) => builder.UseHallucinationGuard(_ => { }).UseLogging();
        }
        """;

    [Theory]
    [InlineData("[|services.AddChatClient(new OllamaApiClient(uri, \"m\"))|];")]
    [InlineData("[|services.AddChatClient(new OllamaApiClient(uri, \"m\"))|].UseLogging().UseFunctionInvocation();")]
    [InlineData("[|services.AddChatClient(_ => new OllamaApiClient(uri, \"m\"), ServiceLifetime.Scoped)|].UseLogging();")]
    [InlineData("[|services.AddChatClient(s => s.GetRequiredService<OpenAI.OpenAIClient>().GetChatClient(\"m\").AsIChatClient())|];")]
    [InlineData("[|services.AddKeyedChatClient(\"k\", new OllamaApiClient(uri, \"m\"))|].UseHouseLogging();")]
    [InlineData("var chat = [|services.AddChatClient(new OllamaApiClient(uri, \"m\"))|]; if (flag) { chat.UseLogging(); }")]
    [InlineData("[|services.AddSingleton<IChatClient>(new OllamaApiClient(uri, \"m\"))|];")]
    [InlineData("[|services.AddScoped<IChatClient>(_ => new OllamaApiClient(uri, \"m\"))|];")]
    [InlineData("[|services.AddKeyedTransient<IChatClient>(\"k\", (_, _) => new OllamaApiClient(uri, \"m\"))|];")]
    [InlineData("[|services.AddSingleton<IChatClient, Own>()|];")]
    [InlineData("[|services.AddSingleton(typeof(IChatClient), typeof(Own))|];")]
    [InlineData("[|services.TryAddSingleton<IChatClient>(_ => new Own(uri))|];")]
    [InlineData("services.Add([|ServiceDescriptor.Singleton<IChatClient>(new Own(uri))|]);")]
    [InlineData("IChatClient client = new Own(uri); [|services.AddSingleton(client)|];")]
    public async Task UnguardedRegistration_IsReported(string body) => await Registration.ReportsAsync(InSetup(body));

    [Theory]
    [InlineData("services.AddChatClient(new OllamaApiClient(uri, \"m\")).UseLogging().UseHallucinationGuard(_ => { });")]
    [InlineData("services.AddChatClient(new OllamaApiClient(uri, \"m\")).UseHouseRules();")]
    [InlineData("services.AddKeyedChatClient(\"k\", _ => new ChatClientBuilder(new OllamaApiClient(uri, \"m\")).UseAbstention(_ => { }).Build());")]
    [InlineData("var chat = services.AddChatClient(new OllamaApiClient(uri, \"m\")); chat.UseHallucinationGuard(_ => { });")]
    [InlineData("ChatClientBuilder chat; chat = services.AddChatClient(new OllamaApiClient(uri, \"m\")); if (flag) { chat.UseHallucinationGuard(_ => { }); }")]
    [InlineData("services.AddChatClient(injected);")]
    [InlineData("services.AddChatClient(s => s.GetRequiredKeyedService<IChatClient>(\"inner\"));")]
    [InlineData("services.AddSingleton<IChatClient>(s => s.GetRequiredKeyedService<IChatClient>(\"inner\"));")]
    [InlineData("services.AddSingleton<IChatClient>(_ => new ChatClientBuilder(new OllamaApiClient(uri, \"m\")).UseAbstention(_ => { }).Build());")]
    [InlineData("services.AddSingleton(new OllamaApiClient(uri, \"m\"));")]
    [InlineData("services.AddSingleton<IDisposable>(new OllamaApiClient(uri, \"m\"));")]
    public async Task GuardedOrUnseenRegistration_IsSilent(string body) => await Registration.ReportsAsync(InSetup(body));

    [Fact]
    public async Task ABuilderThatIsHandedOn_IsSilent() => await Registration.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;

        static class Setup
        {
            public static ChatClientBuilder AddChat(this IServiceCollection services, Uri uri) => services.AddChatClient(new OllamaApiClient(uri, "m"));
        }
        """);

    [Fact]
    public async Task AProvidersRegistration_IsReported() => await Registration.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.SemanticKernel;

        class Setup
        {
            void M(IServiceCollection services, IKernelBuilder kernel)
            {
                [|services.AddOpenAIChatClient("m", "key")|];
                [|kernel.AddOpenAIChatClient("m", "key")|];
            }
        }
        """);

    [Fact]
    public async Task ABuiltClientThatLeavesTheAssembly_IsReported() => await Registration.ReportsAsync("""
        public static class Clients
        {
            public static IChatClient Create(Uri uri) => [|new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseLogging().Build()|];
            public static IChatClient Shared { get; } = [|new ChatClientBuilder(new OllamaApiClient("http://a/", "m")).Build()|];
            public static IChatClient Guarded(Uri uri) => new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseAbstention(_ => { }).Build();
            public static IChatClient Wrapped(IChatClient client) => client.AsBuilder().UseLogging().Build();
            internal static IChatClient Inside(Uri uri) => new ChatClientBuilder(new OllamaApiClient(uri, "m")).Build();
        }

        class Hidden
        {
            public IChatClient Create(Uri uri) => new ChatClientBuilder(new OllamaApiClient(uri, "m")).Build();
        }
        """);

    [Theory]
    [InlineData("[|services.AddChatClient(new OllamaApiClient(uri, \"m\"))|].UseLogging();", "services.AddChatClient(new OllamaApiClient(uri, \"m\"))" + Guard + ".UseLogging();")]
    [InlineData("[|services.AddChatClient(new OllamaApiClient(uri, \"m\"))|]; // chat", "services.AddChatClient(new OllamaApiClient(uri, \"m\"))" + Guard + "; // chat")]
    [InlineData(
        "[|services.AddSingleton<IChatClient>(_ => new OllamaApiClient(uri, \"m\"))|];",
        "services.AddSingleton<IChatClient>(_ => new ChatClientBuilder(new OllamaApiClient(uri, \"m\"))" + Guard + ".Build());")]
    public async Task Fix_AddsTheGuard(string body, string fixedBody) => await Registration.FixesAsync<GuardClientCodeFixProvider>(
        InSetup(body).Replace(".UseHallucinationGuard(_ => { })", "", StringComparison.Ordinal).Replace("using Microsoft.Extensions.DependencyInjection;", "using Microscale.Guard;\nusing Microsoft.Extensions.DependencyInjection;", StringComparison.Ordinal),
        InSetup(fixedBody).Replace(".UseHallucinationGuard(_ => { })", "", StringComparison.Ordinal).Replace("using Microsoft.Extensions.DependencyInjection;", "using Microscale.Guard;\nusing Microsoft.Extensions.DependencyInjection;", StringComparison.Ordinal));
}
