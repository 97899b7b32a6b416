using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class MemberTests
{
    private static readonly Verify Unguarded = new("MSG001");

    [Fact]
    public async Task Call_OnAPrivateReadonlyFieldWithAnInitializer_IsReported() => await Unguarded.ReportsAsync("""
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
    public async Task Call_OnAMemberThatIsAssignedInSight_IsReported() => await Unguarded.ReportsAsync("""
        partial class C
        {
            private static readonly Uri Address = new("http://localhost:11434/");
            private readonly IChatClient _constructed;
            private readonly IChatClient _branched;
            private readonly IChatClient _replaced = Address.AsGuarded();
            private IChatClient? _lazy;
            private IChatClient _mutable = new OllamaApiClient(Address, "m");
            internal readonly IChatClient Wide = new OllamaApiClient(Address, "m");
            private readonly Lazy<IChatClient> _deferred = new(() => new OllamaApiClient(Address, "m"));

            public C(bool flag, IChatClient injected)
            {
                _constructed = new OllamaApiClient(Address, "m");
                if (flag) { _branched = new OllamaApiClient(Address, "m"); } else { _branched = injected; }
                _replaced = new OllamaApiClient(Address, "m");
                Get = new OllamaApiClient(Address, "m");
            }

            public C() : this(true, null!) { }

            public IChatClient Get { get; }
            public IChatClient Initialized { get; init; } = new OllamaApiClient(Address, "m");
            IChatClient Property => new OllamaApiClient(Address, "m");
            IChatClient Body { get { return _constructed; } }
        }

        partial class C
        {
            async Task M()
            {
                await [|_constructed.GetResponseAsync("q")|];
                await [|_branched.GetResponseAsync("q")|];
                await [|_replaced.GetResponseAsync("q")|];
                _lazy ??= new OllamaApiClient(Address, "m");
                await [|_lazy.GetResponseAsync("q")|];
                await [|_mutable.GetResponseAsync("q")|];
                await [|Wide.GetResponseAsync("q")|];
                await [|_deferred.Value.GetResponseAsync("q")|];
                await [|Get.GetResponseAsync("q")|];
                await [|this.Initialized.GetResponseAsync("q")|];
                await [|Property.GetResponseAsync("q")|];
                await [|Body.GetResponseAsync("q")|];
            }
        }

        static class Extensions
        {
            public static IChatClient AsGuarded(this Uri uri) => new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseAbstention(_ => { }).Build();
        }

        class Other
        {
            Task M(C c) => [|c.Wide.GetResponseAsync("q")|];
        }
        """);

    [Fact]
    public async Task Call_OnAMemberWithoutAnUnguardedOrigin_IsSilent() => await Unguarded.ReportsAsync("""
        class C
        {
            private static readonly Uri Address = new("http://localhost:11434/");
            private readonly IChatClient _injected;
            private readonly IChatClient _assigned = new OllamaApiClient(Address, "m");
            private readonly IChatClient _passed;
            private readonly IChatClient _guarded;
            private readonly IChatClient? _null = null;
            private IChatClient _here = new OllamaApiClient(Address, "m");

            public C(IChatClient client)
            {
                _injected = client;
                this._assigned = client;
                Set(out _passed, client);
                _guarded = new OllamaApiClient(Address, "m");
                _guarded = _guarded.AsBuilder().UseHallucinationGuard(_ => { }).Build();
            }

            public required IChatClient Settable { get; set; }
            protected virtual IChatClient Overridable => new OllamaApiClient(Address, "m");

            static void Set(out IChatClient field, IChatClient client) => field = client;

            async Task M(IChatClient client)
            {
                await _injected.GetResponseAsync("q");
                await _assigned.GetResponseAsync("q");
                await _passed.GetResponseAsync("q");
                await _guarded.GetResponseAsync("q");
                await _null!.GetResponseAsync("q");
                await Settable.GetResponseAsync("q");
                await Overridable.GetResponseAsync("q");
                _here = client.AsBuilder().UseHallucinationGuard(_ => { }).Build();
                await _here.GetResponseAsync("q");
            }
        }

        class D(IChatClient client)
        {
            private readonly IChatClient _client = client;

            async Task M() => await (await _client.GetResponseAsync("q") is null ? client : _client).GetResponseAsync("q");
        }

        record R(IChatClient Client)
        {
            Task M() => Client.GetResponseAsync("q");
        }
        """);

    [Fact]
    public async Task Call_OnFieldsThatReferToEachOther_Ends() => await Unguarded.ReportsAsync("""
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
