using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class BrokenPromiseTests
{
    private static readonly Verify Promise = new("MSG004");

    [Fact]
    public async Task UnguardedClients_WhereAGuardIsPromised_AreReported() => await Promise.ReportsAsync("""
        class Answers([Guarded] IChatClient client)
        {
            [Guarded] private IChatClient _field = [|new OllamaApiClient("http://a/", "m")|];

            [Guarded] public IChatClient Property { get; set; } = [|new OllamaApiClient("http://a/", "m")|];
            [Guarded] public IChatClient Computed => [|new OllamaApiClient("http://a/", "m")|];

            [return: Guarded]
            public IChatClient Make(bool flag)
            {
                if (flag) { return [|new OllamaApiClient("http://a/", "m")|]; }
                return client;
            }

            void M(Uri uri)
            {
                IChatClient inner = new OllamaApiClient(uri, "m");
                _ = new Answers([|inner|]);
                Answers other = new([|inner|]);
                Use(1, [|inner|]);
                Use(client: [|inner.AsBuilder().UseLogging().Build()|], number: 1);
                _field = [|inner|];
                this.Property = [|inner|];
                _ = new Answers(client) { Property = [|inner|] };
                _ = new Settings([|inner|]);
                Use(1, [|inner.AsBuilder().UseVerification().Build()|]);
            }

            static void Use(int number, [Guarded] IChatClient client) { }
        }

        record Settings([Guarded] IChatClient Client);
        """);

    [Fact]
    public async Task KeptPromisesAndUnseenClients_AreSilent() => await Promise.ReportsAsync("""
        class Answers([Guarded] IChatClient client)
        {
            [Guarded] private IChatClient _field = new ChatClientBuilder(new OllamaApiClient("http://a/", "m")).UseAbstention(_ => { }).Build();
            private IChatClient _other = new OllamaApiClient("http://a/", "m");

            [return: Guarded]
            public IChatClient Make() => client;

            void M(IChatClient injected)
            {
                _ = new Answers(injected);
                _ = new Answers(_field);
                Use(_field, _other);
                Use(Make(), _other);
                Use(injected.AsBuilder().UseHallucinationGuard(_ => { }).Build(), new OllamaApiClient("http://a/", "m"));
                _other = new OllamaApiClient("http://a/", "m");
            }

            static void Use([Guarded] IChatClient client, IChatClient other) { }
        }
        """);

    [Fact]
    public async Task AnAssemblysPromise_HoldsItsPublicMembers() => await Promise.ReportsAsync("""
        [assembly: Guarded]

        public static class Clients
        {
            public static IChatClient Create(Uri uri) => [|new OllamaApiClient(uri, "m")|];
            public static IChatClient Shared => [|new OllamaApiClient("http://a/", "m")|];
            public static IChatClient Guarded(IChatClient client) => client.AsBuilder().UseAbstention(_ => { }).Build();
            internal static IChatClient Inside(Uri uri) => new OllamaApiClient(uri, "m");
        }
        """);

    [Fact]
    public async Task PromisesOfOtherAssemblies_AreKnown()
    {
        var library = References.Library("Library", """
            using Microscale.Guard;
            using Microsoft.Extensions.AI;
            public static class Library
            {
                public static void Use([Guarded] IChatClient client) { }
                [return: Guarded] public static IChatClient Make() => null!;
                public static IChatClient Other() => null!;
            }
            """);
        var source = """
            class C
            {
                async Task M(Uri uri)
                {
                    Library.Use({|MSG004:new OllamaApiClient(uri, "m")|});
                    Library.Use(Library.Make());
                    await Library.Make().GetResponseAsync("q");
                    await {|MSG002:Library.Other().GetResponseAsync("q")|};
                }
            }
            """;

        await new Verify("MSG004") { CompiledAgainst = [.. References.All, library] }.ReportsAsync(source.Replace("{|MSG002:Library.Other().GetResponseAsync(\"q\")|}", "Library.Other().GetResponseAsync(\"q\")", StringComparison.Ordinal));
        await new Verify("MSG002") { CompiledAgainst = [.. References.All, library] }.ReportsAsync(source.Replace("{|MSG004:new OllamaApiClient(uri, \"m\")|}", "new OllamaApiClient(uri, \"m\")", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAssemblyThatPromises_IsTrusted()
    {
        var library = References.Library("Library", """
            using Microsoft.Extensions.AI;
            [assembly: Microscale.Guard.Guarded]
            public static class Library { public static IChatClient Make() => null!; public static IChatClient Client => null!; }
            """);

        await new Verify("MSG002") { CompiledAgainst = [.. References.All, library] }.ReportsAsync("""
            class C
            {
                async Task M()
                {
                    await Library.Make().GetResponseAsync("q");
                    await Library.Client.GetResponseAsync("q");
                }
            }
            """);
    }

    [Fact]
    public async Task Fix_WrapsTheClientWhereItIsMade() => await Promise.FixesAsync<GuardClientCodeFixProvider>(
        """
        using Microscale.Guard;

        class Answers([Guarded] IChatClient client)
        {
            static Answers Make(Uri uri)
            {
                IChatClient inner = new OllamaApiClient(uri, "m");
                var typed = new OllamaApiClient(uri, "m") { SelectedModel = "n" };
                typed.SelectedModel = "o";
                _ = new Answers([|typed|]);
                return new Answers([|inner|]);
            }
        }
        """,
        """
        using Microscale.Guard;

        class Answers([Guarded] IChatClient client)
        {
            static Answers Make(Uri uri)
            {
                IChatClient inner = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6)).Build();
                var typed = new OllamaApiClient(uri, "m") { SelectedModel = "n" };
                typed.SelectedModel = "o";
                _ = new Answers(new ChatClientBuilder(typed).UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6)).Build());
                return new Answers(inner);
            }
        }
        """);
}
