using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class GuardNotProvableTests
{
    private static readonly Verify NotProvable = new("MSG002");

    [Fact]
    public async Task ClientsFromOutOfSight_AreReported() => await NotProvable.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;

        class Service(IChatClient primary, [FromKeyedServices("local")] IChatClient keyed)
        {
            private readonly IChatClient _field = primary;
            private readonly IChatClient _assigned;
            private readonly IServiceProvider _services = null!;

            public Service(IChatClient client, int other) : this(client, client) => _assigned = client;

            public required IChatClient Settable { get; init; }
            private IChatClient Located => _services.GetRequiredService<IChatClient>();

            async Task M(IChatClient parameter, IServiceProvider services, IEnumerable<IChatClient> many, Func<IChatClient> factory)
            {
                await [|primary.GetResponseAsync("q")|];
                await [|keyed.GetResponseAsync("q")|];
                await [|_field.GetResponseAsync("q")|];
                await [|_assigned.GetResponseAsync("q")|];
                await [|Settable.GetResponseAsync("q")|];
                await [|Located.GetResponseAsync("q")|];
                await [|parameter.GetResponseAsync("q")|];
                await [|services.GetRequiredService<IChatClient>().GetResponseAsync("q")|];
                await [|services.GetKeyedService<IChatClient>("local")!.GetResponseAsync("q")|];
                await [|factory().GetResponseAsync("q")|];
                foreach (var one in many) { await [|one.GetResponseAsync("q")|]; }
                Func<IChatClient, Task> handler = async client => await [|client.GetResponseAsync("q")|];
            }
        }
        """);

    [Fact]
    public async Task PromisedAndKnownClients_AreSilent() => await NotProvable.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;

        class Service([Guarded] IChatClient primary)
        {
            private readonly IChatClient _field = primary;
            [Guarded] private readonly IChatClient _marked = null!;

            [Guarded] public required IChatClient Settable { get; init; }

            [return: Guarded] static extern IChatClient Make();

            async Task M([Guarded] IChatClient parameter, IChatClient other, IServiceProvider services)
            {
                await primary.GetResponseAsync("q");
                await _field.GetResponseAsync("q");
                await _marked.GetResponseAsync("q");
                await Settable.GetResponseAsync("q");
                await parameter.GetResponseAsync("q");
                await Make().GetResponseAsync("q");
                await services.GetRequiredService<IChatClient>().AsBuilder().UseHallucinationGuard(_ => { }).Build().GetResponseAsync("q");
                other = other.AsBuilder().UseAbstention(_ => { }).Build();
                await other.GetResponseAsync("q");
                await new OllamaApiClient("http://localhost:11434/", "m").GetResponseAsync("q");
                Func<IChatClient, Task> handler = async ([Guarded] IChatClient client) => await client.GetResponseAsync("q");
            }
        }

        record Settings([Guarded] IChatClient Client)
        {
            Task Ask() => Client.GetResponseAsync("q");
        }
        """);

    [Fact]
    public async Task Middleware_IsSilent() => await NotProvable.ReportsAsync("""
        using System.Runtime.CompilerServices;

        class C
        {
            static IChatClient M(IChatClient client) => client.AsBuilder()
                .Use((messages, options, inner, token) => inner.GetResponseAsync(messages, options, token), null)
                .Use(Answer, Stream)
                .Build();

            static async Task<ChatResponse> Answer(IEnumerable<ChatMessage> messages, ChatOptions? options, IChatClient innerClient, CancellationToken token) =>
                await innerClient.GetResponseAsync(messages, options, token);

            static async IAsyncEnumerable<ChatResponseUpdate> Stream(IEnumerable<ChatMessage> messages, ChatOptions? options, IChatClient innerClient, [EnumeratorCancellation] CancellationToken token)
            {
                await foreach (var update in innerClient.GetStreamingResponseAsync(messages, options, token)) { yield return update; }
            }
        }
        """);

    [Fact]
    public async Task JudgesAndEvaluations_AreSilent() => await NotProvable.ReportsAsync("""
        using Microsoft.Extensions.AI.Evaluation;

        class Judge(IChatClient client) : IClaimVerifier
        {
            public string Name => "judge";

            public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
            {
                await client.GetResponseAsync("q");
                return [];
            }
        }

        class Evaluation
        {
            Task M(ChatConfiguration configuration) => configuration.ChatClient.GetResponseAsync("q");
        }

        namespace Microsoft.Extensions.AI.Evaluation
        {
            class ChatConfiguration { public IChatClient ChatClient { get; set; } = null!; }
        }
        """);

    [Fact]
    public async Task TrustedServices_AreSilent() => await new Verify("MSG002")
    {
        Config = """
            [*.cs]
            microscale_guard.MSG002.trust_services = true
            """,
    }.ReportsAsync("""
        using Microsoft.Extensions.DependencyInjection;

        class C
        {
            async Task M(IServiceProvider services, IChatClient client)
            {
                await services.GetRequiredService<IChatClient>().GetResponseAsync("q");
                await [|client.GetResponseAsync("q")|];
            }
        }
        """);

    [Fact]
    public async Task Fix_MarksTheParameter_AlsoInAnotherFile() => await NotProvable.FixesAsync<MarkGuardedCodeFixProvider>(
        [
            """
            partial class C
            {
                private readonly IChatClient _client;

                public C(
                    // The client.
                    IChatClient client, int other)
                {
                    _client = client;
                }
            }
            """,
            """
            partial class C
            {
                Task M(IChatClient? parameter) => flag ? [|parameter!.GetResponseAsync("q")|] : [|_client.GetResponseAsync("q")|];
                bool flag;
            }
            """,
        ],
        [
            """
            using Microscale.Guard;

            partial class C
            {
                private readonly IChatClient _client;

                public C(
                    // The client.
                    [Guarded] IChatClient client, int other)
                {
                    _client = client;
                }
            }
            """,
            """
            using Microscale.Guard;

            partial class C
            {
                Task M([Guarded] IChatClient? parameter) => flag ? parameter!.GetResponseAsync("q") : _client.GetResponseAsync("q");
                bool flag;
            }
            """,
        ]);

    [Fact]
    public async Task Fix_WrapsALocatedClient() => await NotProvable.FixesAsync<GuardClientCodeFixProvider>(
        """
        using Microsoft.Extensions.DependencyInjection;

        class C
        {
            Task M(IServiceProvider services) => [|services.GetRequiredService<IChatClient>().GetResponseAsync("q")|];
        }
        """,
        """
        using Microscale.Guard;
        using Microsoft.Extensions.DependencyInjection;

        class C
        {
            Task M(IServiceProvider services) => services.GetRequiredService<IChatClient>().AsBuilder().UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6)).Build().GetResponseAsync("q");
        }
        """);
}
