using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>What .editorconfig says for all rules.</summary>
public class OptionsTests
{
    private const string House = """
        namespace House
        {
            public static class Guards
            {
                public static ChatClientBuilder UseHouseGuard(this ChatClientBuilder builder) => builder.Use(inner => inner);
                public static IChatClient Create(Uri uri) => new OllamaApiClient(uri, "m");
            }

            public class Llm
            {
                public Task<string> AskAsync(string question) => Task.FromResult(question);
                public Task<string> OtherAsync(string question) => Task.FromResult(question);
                public static Task<string> AskAllAsync(string question) => Task.FromResult(question);
            }

            public class Scripted : DelegatingChatClient { public Scripted() : base(null!) { } }
            public class Fake : IChatClient
            {
                public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
                public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
                public object? GetService(Type t, object? k = null) => null;
                public void Dispose() { }
            }
        }
        """;

    private const string Uses = """
        using House;
        class C(Llm injected)
        {
            async Task M(Uri uri)
            {
                await {|guard:new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHouseGuard().Build().GetResponseAsync("q")|};
                await {|guard:Guards.Create(uri).GetResponseAsync("q")|};
                await {|call:new Llm().AskAsync("q")|};
                await {|call:Llm.AskAllAsync("q")|};
                await injected.AskAsync("q");
                await new Llm().OtherAsync("q");
                await {|fake:new Fake().GetResponseAsync("q")|};
            }
        }
        """;

    [Fact]
    public async Task WithoutOptions_HouseGuardsAndFakesAreNotKnown() => await new Verify("MSG001").ReportsAsync([Marked("guard", "fake"), House]);

    [Fact]
    public async Task Options_NameGuardsCallsAndIgnoredTypes() => await new Verify("MSG001")
    {
        Config = """
            [*.cs]
            microscale_guard.guard_methods = House.Guards.UseHouseGuard, House.Guards.Create
            microscale_guard.model_calls = House.Llm.AskAsync, House.Llm.AskAllAsync
            microscale_guard.ignored_types = House.Fake
            """,
    }.ReportsAsync([Marked("call"), House]);

    private static string Marked(params string[] kinds)
    {
        var code = Uses;
        foreach (var kind in new[] { "guard", "call", "fake" })
        {
            code = kinds.Contains(kind)
                ? code.Replace("{|" + kind + ":", "[|", StringComparison.Ordinal)
                : System.Text.RegularExpressions.Regex.Replace(code, @"\{\|" + kind + @":(.*)\|\};", "$1;");
        }

        return code.Replace("|};", "|];", StringComparison.Ordinal);
    }
}
