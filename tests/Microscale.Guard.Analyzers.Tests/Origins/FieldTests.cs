using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class FieldTests
{
    [Fact]
    public async Task Call_OnAPrivateReadonlyFieldWithAnInitializer_IsReported() => await Verify.ReportsAsync("""
        class C
        {
            private static readonly Uri Address = new("http://localhost:11434/");
            private static readonly IChatClient Shared = new OllamaApiClient(Address, "m");
            private readonly IChatClient _client = new OllamaApiClient(Address, "m");
            private readonly IChatClient _chain = Shared.AsBuilder().UseLogging().Build();
            private readonly IChatClient _guarded = Shared.AsBuilder().UseHallucinationGuard(_ => { }).Build();

            async Task M()
            {
                await [|_client.GetResponseAsync("q")|];
                await [|this._client.GetResponseAsync("q")|];
                await [|Shared.GetResponseAsync("q")|];
                await [|_chain.GetResponseAsync("q")|];
                await _guarded.GetResponseAsync("q");
            }
        }
        """);

    [Fact]
    public async Task Call_OnAFieldThatMayHoldAnotherClient_IsSilent() => await Verify.ReportsAsync("""
        class C
        {
            private static readonly Uri Address = new("http://localhost:11434/");
            private readonly IChatClient _injected;
            private readonly IChatClient _assigned = new OllamaApiClient(Address, "m");
            private readonly IChatClient _passed = new OllamaApiClient(Address, "m");
            private readonly IChatClient _paired = new OllamaApiClient(Address, "m");
            private IChatClient _mutable = new OllamaApiClient(Address, "m");
            internal readonly IChatClient Wide = new OllamaApiClient(Address, "m");

            public C(IChatClient client)
            {
                _injected = client;
                this._assigned = client;
                Set(out _passed, client);
                (_paired, _) = (client, 1);
            }

            IChatClient Property => new OllamaApiClient(Address, "m");

            static void Set(out IChatClient field, IChatClient client) => field = client;

            async Task M()
            {
                await _injected.GetResponseAsync("q");
                await _assigned.GetResponseAsync("q");
                await _passed.GetResponseAsync("q");
                await _paired.GetResponseAsync("q");
                await _mutable.GetResponseAsync("q");
                await Wide.GetResponseAsync("q");
                await Property.GetResponseAsync("q");
            }
        }

        class D(IChatClient client)
        {
            private readonly IChatClient _client = client;

            async Task M() => await (await _client.GetResponseAsync("q") is null ? client : _client).GetResponseAsync("q");
        }
        """);

    [Fact]
    public async Task Call_OnFieldsThatReferToEachOther_Ends() => await Verify.ReportsAsync("""
        class C
        {
            private static readonly IChatClient One = Two!.AsBuilder().Build();
            private static readonly IChatClient Two = One!.AsBuilder().Build();
            private static readonly IChatClient Self = Self ?? new OllamaApiClient("http://localhost:11434/");

            async Task M()
            {
                await One.GetResponseAsync("q");
                await Two.GetResponseAsync("q");
                await [|Self.GetResponseAsync("q")|];
            }
        }
        """);
}
