using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class MethodTests
{
    private static readonly Verify Unguarded = new("MSG001");

    [Fact]
    public async Task Call_OnWhatAFactoryOfTheCompilationMakes_IsReported() => await Unguarded.ReportsAsync(
    [
        """
        static class Provider
        {
            public static IChatClient Make(Uri uri) => new OllamaApiClient(uri, "m");
            public static IChatClient Branch(Uri uri, bool flag) { if (flag) { return Make(uri); } return Guarded(uri); }
            public static IChatClient Guarded(Uri uri) => Make(uri).AsBuilder().UseHallucinationGuard(_ => { }).Build();
            public static async Task<IChatClient> MakeAsync(Uri uri) { await Task.Yield(); return Make(uri); }
            public static ValueTask<IChatClient> MakeValue(Uri uri) => new(Make(uri));
            public static IChatClient Decorate(IChatClient client, string name) => client.AsBuilder().UseLogging().Build();
            public static IChatClient Either(IChatClient one, IChatClient two) => one ?? two;
            public static T Same<T>(T value) => value;
            public static IChatClient Unknown(Uri uri) => (IChatClient)Activator.CreateInstance(Type.GetType("T")!)!;
        }
        """,
        """
        class C
        {
            async Task M(Uri uri, bool flag, IChatClient injected)
            {
                await [|Provider.Make(uri).GetResponseAsync("q")|];
                await [|Provider.Branch(uri, flag).GetResponseAsync("q")|];
                await [|(await Provider.MakeAsync(uri)).GetResponseAsync("q")|];
                await [|Provider.MakeAsync(uri).Result.GetResponseAsync("q")|];
                await [|(await Provider.MakeValue(uri)).GetResponseAsync("q")|];
                await [|Provider.Decorate(name: "n", client: Provider.Make(uri)).GetResponseAsync("q")|];
                await [|Provider.Either(Provider.Guarded(uri), Provider.Make(uri)).GetResponseAsync("q")|];
                await [|Provider.Same(Provider.Make(uri)).GetResponseAsync("q")|];
                await Provider.Guarded(uri).GetResponseAsync("q");
                await Provider.Decorate(Provider.Guarded(uri), "n").GetResponseAsync("q");
                await Provider.Decorate(injected, "n").GetResponseAsync("q");
                await Provider.Either(injected, Provider.Guarded(uri)).GetResponseAsync("q");
                await Provider.Same(Provider.Guarded(uri)).GetResponseAsync("q");
                await Provider.Unknown(uri).GetResponseAsync("q");
            }
        }
        """,
    ]);

    [Fact]
    public async Task Call_InFunctionsOfTheMethod_IsTraced() => await Unguarded.ReportsInMethodAsync("""
        IChatClient Make() => new OllamaApiClient(uri, "m");
        IChatClient Safe() { IChatClient inner = Make(); return inner.AsBuilder().UseAbstention(_ => { }).Build(); }
        Func<IChatClient> make = () => new OllamaApiClient(uri, "m");
        Func<Uri, IChatClient> safe = u => new OllamaApiClient(u, "m").AsBuilder().UseAbstention(_ => { }).Build();
        Func<IChatClient> group = Make;
        await [|Make().GetResponseAsync("q")|];
        await Safe().GetResponseAsync("q");
        await [|make().GetResponseAsync("q")|];
        await [|group().GetResponseAsync("q")|];
        await Ask(Make());
        await AskSafe(Safe());
        await new List<string>().AsParallel().Select(async q => await [|Make().GetResponseAsync(q)|]).First();
        Task Ask(IChatClient client) => [|client.GetResponseAsync("q")|];
        Task AskSafe(IChatClient client) => client.GetResponseAsync("q");
        Func<IChatClient, Task> handed = Handed;
        Task Handed(IChatClient client) => client.GetResponseAsync("q");
        """.Replace("new OllamaApiClient(u, \"m\").AsBuilder()", "new ChatClientBuilder(new OllamaApiClient(u, \"m\"))", StringComparison.Ordinal));

    [Fact]
    public async Task Call_OnAParameterThatIsAssigned_IsTraced() => await Unguarded.ReportsAsync("""
        class C
        {
            private readonly IChatClient _client;

            public C(IChatClient? client, Uri uri)
            {
                client ??= new OllamaApiClient(uri, "m");
                _client = client;
            }

            async Task M(IChatClient client, Uri uri)
            {
                await [|_client.GetResponseAsync("q")|];
                await client.GetResponseAsync("q");
                client = new OllamaApiClient(uri, "m");
                await [|client.GetResponseAsync("q")|];
                client = client.AsBuilder().UseHallucinationGuard(_ => { }).Build();
                await client.GetResponseAsync("q");
            }
        }
        """);

    [Fact]
    public async Task Methods_ThatMayBeReplaced_AreOutOfSight() => await Unguarded.ReportsAsync("""
        abstract class Base
        {
            protected abstract IChatClient Abstract();
            protected virtual IChatClient Virtual() => new OllamaApiClient("http://a/", "m");
            protected IChatClient Fixed() => new OllamaApiClient("http://a/", "m");

            async Task M()
            {
                await Abstract().GetResponseAsync("q");
                await Virtual().GetResponseAsync("q");
                await [|Fixed().GetResponseAsync("q")|];
            }
        }

        sealed class Derived : Base
        {
            protected override IChatClient Abstract() => new OllamaApiClient("http://a/", "m");
            Task M2() => [|Abstract().GetResponseAsync("q")|];
        }
        """);

    [Fact]
    public async Task MethodsThatCallEachOther_End() => await Unguarded.ReportsAsync("""
        class C
        {
            static IChatClient One(int n) => n == 0 ? Two(n) : One(n - 1);
            static IChatClient Two(int n) => n == 0 ? One(n) : Three(n);
            static IChatClient Three(int n) => n == 0 ? One(n) : new OllamaApiClient("http://a/", "m");
            static IChatClient Loop(IChatClient client) => Loop(client);
            IChatClient Self => Self;
            IChatClient Ping => Pong; IChatClient Pong => Ping;

            async Task M(IChatClient injected)
            {
                await [|Two(1).GetResponseAsync("q")|];
                await [|One(1).GetResponseAsync("q")|];
                await Loop(injected).GetResponseAsync("q");
                await Self.GetResponseAsync("q");
                await Ping.GetResponseAsync("q");
            }
        }
        """);

    [Fact]
    public async Task DecoratorsOfTheCompilation_AreLookedInto() => await Unguarded.ReportsAsync("""
        static class House
        {
            public static ChatClientBuilder UseHouseGuard(this ChatClientBuilder builder, bool flag) { builder.UseLogging(); builder.UseHallucinationGuard(_ => { }); return builder; }
            public static ChatClientBuilder UseHouseLogging(this ChatClientBuilder builder) => builder.UseLogging().UseFunctionInvocation();
            public static ChatClientBuilder UseHouseDecorator(this ChatClientBuilder builder) => builder.Use(inner => new Decorator(inner));
            class Decorator(IChatClient inner) : DelegatingChatClient(inner);
        }

        class C
        {
            async Task M(Uri uri)
            {
                await new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHouseGuard(true).Build().GetResponseAsync("q");
                await [|new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHouseLogging().UseHouseDecorator().Build().GetResponseAsync("q")|];
                var builder = new ChatClientBuilder(new OllamaApiClient(uri, "m"));
                builder.UseHouseGuard(false);
                await builder.Build().GetResponseAsync("q");
            }
        }
        """);
}
