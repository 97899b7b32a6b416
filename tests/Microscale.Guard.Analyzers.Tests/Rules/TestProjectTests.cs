using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>MSG001 and MSG002 in projects of tests: which clients answer somebody, and which stand in for a model?</summary>
public class TestProjectTests
{
    private static readonly Verify Unguarded = In("MSG001");

    private static Verify In(string rule) => new(rule)
    {
        CompiledAgainst = [.. References.All, References.Library("nunit.framework", "public class TestAttribute : System.Attribute { }")],
    };

    /// <summary>As the examples of OpenAI's SDK, which are tests.</summary>
    [Fact]
    public async Task RealClients_AreReported() => await Unguarded.ReportsAsync("""
        #pragma warning disable OPENAI001
        using System.ClientModel;
        using System.ClientModel.Primitives;
        using OpenAI;
        using OpenAI.Chat;
        using OpenAI.Responses;

        class Examples
        {
            private readonly string _model = "m";
            private readonly ChatClient _chat = new("m", Environment.GetEnvironmentVariable("OPENAI_API_KEY"));

            [Test]
            public async Task Example()
            {
                var chat = new ChatClient(model: _model, apiKey: Environment.GetEnvironmentVariable("OPENAI_API_KEY"));
                _ = [|chat.CompleteChat("q")|];
                _ = [|_chat.CompleteChat("q")|];
                OpenAIClientOptions options = new() { Endpoint = Address() };
                options.UserAgentApplicationId = "a";
                var client = new OpenAIClient(new ApiKeyCredential(Settings.Key), options);
                _ = await [|client.GetChatClient("m").CompleteChatAsync("q")|];
                _ = await [|client.GetResponsesClient().CreateResponseAsync("m", "q")|];
                await foreach (var part in [|new Chat(new OllamaApiClient(new Uri("http://a/"), "m")).SendAsync("q")|]) { }
                _ = [|Make("m").CompleteChat("q")|];
            }

            /// <summary>Whatever passes requests on, they end at the network.</summary>
            [Test]
            public async Task Transports()
            {
                using HttpClient http = new(new Logging(new SocketsHttpHandler())) { Timeout = TimeSpan.FromSeconds(1) };
                OpenAIClientOptions options = new() { Transport = new HttpClientPipelineTransport(http) };
                _ = await [|new OpenAIClient(new ApiKeyCredential("k"), options).GetChatClient("m").CompleteChatAsync("q")|];
            }

            private static ChatClient Make(string model) => new(model, Settings.Key);

            private static Uri Address() => new("http://a/");
        }

        class Logging(HttpMessageHandler inner) : DelegatingHandler(inner) { }

        static class Settings { public static string Key => "k"; }
        """);

    /// <summary>As the tests of OllamaSharp: the client is its own, and the server is a script.</summary>
    [Fact]
    public async Task ClientsOverStandIns_AreSilent() => await Unguarded.ReportsAsync("""
        using System.ClientModel;
        using System.ClientModel.Primitives;
        using OpenAI;
        using OpenAI.Chat;

        class Mock<T> { public T Object => default!; }

        class Tests
        {
            private OllamaApiClient _client = null!;
            private readonly OllamaApiClient _made;

            public Tests() => _made = new OllamaApiClient(new HttpClient(new Scripted()), "m");

            public void SetUp() => _client = new OllamaApiClient("http://a/", "m");

            [Test]
            public async Task Handlers()
            {
                var mock = new Mock<HttpMessageHandler>();
                var http = new HttpClient(mock.Object) { BaseAddress = new Uri("http://a/") };
                var client = new OllamaApiClient(http);
                await foreach (var part in ((IOllamaApiClient)client).GenerateAsync("q")) { }
                await foreach (var part in new Chat(new OllamaApiClient(new HttpClient(new Scripted()), "m")).SendAsync("q")) { }
                await ((IChatClient)client).GetResponseAsync("q");
                await _made.GetResponseAsync("q");
                await ((IChatClient)client).AsBuilder().UseFunctionInvocation().Build().GetResponseAsync("q");
            }

            [Test]
            public async Task Transports()
            {
                OpenAIClientOptions options = new() { Transport = new Recorded() };
                _ = new OpenAIClient(new ApiKeyCredential("k"), options).GetChatClient("m").CompleteChat("q");
                OpenAIClientOptions later = new();
                later.Transport = new HttpClientPipelineTransport(new HttpClient(new Scripted()));
                _ = new ChatClient("m", new ApiKeyCredential("k"), later).CompleteChat("q");
                var server = new Server();
                _ = await new OllamaApiClient(server.Address, "m").GetResponseAsync("q");
            }

            [Test]
            public async Task FromOutside() => await _client.GetResponseAsync("q");

            public async Task FromOutside(ChatClient chat, IOllamaApiClient ollama, IServiceProvider services)
            {
                _ = await chat.CompleteChatAsync("q");
                await foreach (var part in ollama.GenerateAsync("q")) { }
                await foreach (var part in new Chat(ollama).SendAsync("q")) { }
                _ = ((ChatClient)services.GetService(typeof(ChatClient))!).CompleteChat("q");
            }
        }

        class Scripted : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token) => throw new NotImplementedException();
        }

        class Recorded : HttpClientPipelineTransport { }

        class Server { public Uri Address => new("http://localhost/"); }
        """);

    /// <summary>What a kernel is equipped with does not make its model a stand-in; a service of the tests does.</summary>
    [Fact]
    public async Task Kernels_AreReportedByTheirModel() => await Unguarded.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.SemanticKernel;
        using Microsoft.SemanticKernel.ChatCompletion;

        class Filter : IPromptRenderFilter
        {
            public Task OnPromptRenderAsync(PromptRenderContext context, Func<PromptRenderContext, Task> next) => next(context);
        }

        class Tests
        {
            [Test]
            public async Task Ask(bool flag)
            {
                var builder = Kernel.CreateBuilder();
                builder.Services.AddSingleton<IPromptRenderFilter>(new Filter());
                builder.Services.AddSingleton(new OllamaApiClient("http://a/", "m").AsChatCompletionService());
                var kernel = builder.Build();
                await [|kernel.InvokePromptAsync("q")|];

                var scripted = Kernel.CreateBuilder();
                scripted.Services.AddSingleton(new OllamaApiClient(new HttpClient(new Scripted()), "m").AsChatCompletionService());
                await scripted.Build().InvokePromptAsync("q");
            }
        }

        class Scripted : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token) => throw new NotImplementedException();
        }
        """);

    [Fact]
    public async Task ClientsFromOutside_NeedNoPromise() => await In("MSG002").ReportsAsync("""
        class Tests(IChatClient given)
        {
            private IChatClient? _client;

            [Test]
            public async Task Ask(IChatClient client, IServiceProvider services)
            {
                await given.GetResponseAsync("q");
                await client.GetResponseAsync("q");
                await _client!.GetResponseAsync("q");
                await ((IChatClient)services.GetService(typeof(IChatClient))!).GetResponseAsync("q");
            }
        }
        """);

    [Fact]
    public async Task WhatGoesRoundInItsMaking_EndsInSilence() => await Unguarded.ReportsAsync("""
        using OpenAI.Chat;

        class Tests
        {
            private readonly ChatClient _self;

            public Tests() => _self = _self ?? Make();

            [Test]
            public void Ask(bool flag)
            {
                ChatClient chat = null!;
                while (flag)
                {
                    _ = chat.CompleteChat("q");
                    chat = flag ? chat : Other();
                }

                _ = _self.CompleteChat("q");
                _ = Make().CompleteChat("q");
            }

            private ChatClient Make() => Other();

            private ChatClient Other() => Make();
        }
        """);
}
