using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class BuilderTests
{
    private static readonly Verify Unguarded = new("MSG001");

    private const string Own = """

        static class OwnExtensions
        {
            public static ChatClientBuilder UseHouseRules(this ChatClientBuilder builder) => builder;
            public static IChatClient AsIChatClient(this string name) => throw new NotImplementedException();
            public static void Configure(ChatClientBuilder builder) { }
            public static IChatClient Wrap(IChatClient client) => client;
        }

        class Decorator : DelegatingChatClient { public Decorator(IChatClient inner) : base(inner) { } }
        """;

    [Theory]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use(inner => OwnExtensions.Wrap(inner)).Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use(OwnExtensions.Wrap).Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseHouseRules().Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseFunctionInvocation().Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseLogging().UseOpenTelemetry().Build(services);")]
    [InlineData("var client = new ChatClientBuilder(new OllamaApiClient(uri, \"m\")).UseFunctionInvocation().Build();")]
    [InlineData("var client = new ChatClientBuilder(_ => new OllamaApiClient(uri, \"m\")).Build();")]
    [InlineData("var client = new ChatClientBuilder(_ => { if (flag) { return injected; } return new OllamaApiClient(uri, \"m\"); }).Build();")]
    [InlineData("var client = ChatClientBuilderChatClientExtensions.AsBuilder(new OllamaApiClient(uri, \"m\")).Build();")]
    [InlineData("var client = ((IChatClient?)new OllamaApiClient(uri, \"m\"))?.AsBuilder().UseLogging().Build()!;")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use(inner => new Decorator(inner)).Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use((messages, options, next, token) => next(messages, options, token)).Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use((m, o, inner, t) => inner.GetResponseAsync(m, o, t), null).Build();")]
    [InlineData("IChatClient inner = new OllamaApiClient(uri, \"m\"); var client = new ChatClientBuilder(inner).Build();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); if (flag) { builder.UseLogging(); } var client = builder.Build();")]
    [InlineData("ChatClientBuilder? builder = null; if (flag) { builder = new ChatClientBuilder(new OllamaApiClient(uri, \"m\")); } builder?.UseLogging(); var client = builder!.Build();")]
    public async Task Call_OnAChainWithoutAGuard_IsReported(string origin) =>
        await Unguarded.ReportsAsync(Verify.InMethod("#nullable enable\n" + origin + "\nawait [|client.GetResponseAsync(\"q\")|];") + Own);

    [Theory]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseHallucinationGuard(_ => { }).UseFunctionInvocation().Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseFunctionInvocation().UseAbstention(_ => { }).Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseHallucinationGuard(_ => { }).UseHouseRules().Build();")]
    [InlineData("var client = ((IChatClient?)new OllamaApiClient(uri, \"m\"))?.AsBuilder().UseHallucinationGuard(_ => { }).Build()!;")]
    [InlineData("var client = new ChatClientBuilder(_ => ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseAbstention(_ => { }).Build()).UseLogging().Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use(inner => new AbstentionChatClient(inner, new())).Build();")]
    [InlineData("var client = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().Use(inner => new Decorator(inner.AsBuilder().UseAbstention(_ => { }).Build())).Build();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); builder.UseHallucinationGuard(_ => { }); var client = builder.Build();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); if (flag) { builder.UseLogging().UseHallucinationGuard(_ => { }); } var client = builder.Build();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); builder?.UseAbstention(_ => { }); var client = builder!.Build();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); builder.Use(inner => new AbstentionChatClient(inner, new())); var client = builder.Build();")]
    [InlineData("IChatClient inner = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder().UseAbstention(_ => { }).Build(); var client = new ChatClientBuilder(inner).UseLogging().Build();")]
    public async Task Call_OnAChainWithAGuard_IsSilent(string origin) =>
        await Unguarded.ReportsAsync(Verify.InMethod(origin + "\nawait client.GetResponseAsync(\"q\");") + Own);

    [Theory]
    [InlineData("var client = Microscale.Guard.ConfidenceChatClientBuilderExtensions.UseConfidence(((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(), Microscale.Guard.Confidence.TokenProbability()).Build();")]
    [InlineData("var client = injected.AsBuilder().UseLogging().Build();")]
    [InlineData("var client = \"m\".AsIChatClient();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); OwnExtensions.Configure(builder); var client = builder.Build();")]
    [InlineData("var builder = ((IChatClient)new OllamaApiClient(uri, \"m\")).AsBuilder(); var alias = builder; alias.UseHallucinationGuard(_ => { }); var client = builder.Build();")]
    [InlineData("var client = new ChatClientBuilder(s => (IChatClient)s.GetService(typeof(IChatClient))!).UseLogging().Build();")]
    public async Task Call_OnAChainThatMayHoldAGuard_IsSilent(string origin) =>
        await Unguarded.ReportsAsync(Verify.InMethod(origin + "\nawait client.GetResponseAsync(\"q\");") + Own);

    [Fact]
    public async Task Call_OnARegistration_IsReported() => await Unguarded.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;

        class C
        {
            async Task M(IServiceCollection services, Uri uri)
            {
                var builder = services.AddChatClient(new OllamaApiClient(uri, "m"));
                await [|builder.Build().GetResponseAsync("q")|];
            }
        }
        """);
}
