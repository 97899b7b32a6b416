using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>MSG001 on providers' own types.</summary>
public class DirectCallTests
{
    private const string Calls = """
        #pragma warning disable OPENAI001
        using OpenAI.Chat;
        using OpenAI.Responses;
        using OllamaSharp.Models;

        class C(OpenAI.Chat.ChatClient chat)
        {
            async Task M(ResponsesClient responses, IOllamaApiClient ollama, OllamaApiClient client)
            {
                _ = [|chat.CompleteChat("q")|];
                _ = await [|chat.CompleteChatAsync("q")|];
                foreach (var update in [|chat.CompleteChatStreaming("q")|]) { }
                await foreach (var update in [|chat.CompleteChatStreamingAsync("q")|]) { }
                _ = await [|responses.CreateResponseAsync("m", "q")|];
                await foreach (var update in [|responses.CreateResponseStreamingAsync("m", "q")|]) { }
                await foreach (var part in [|ollama.GenerateAsync(new GenerateRequest())|]) { }
                await foreach (var part in [|ollama.GenerateAsync("q")|]) { }
                await foreach (var part in [|new Chat(ollama).SendAsync("q")|]) { }
                Func<IAsyncEnumerator<object?>> read = () => [|((IOllamaApiClient)client).GenerateAsync("q")|].GetAsyncEnumerator();
                _ = await client.ListLocalModelsAsync();
                _ = await chat.GetChatCompletionAsync("id");
            }
        }
        """;

    private static readonly Verify Unguarded = new("MSG001");

    [Fact]
    public async Task CallsOfProvidersOwnTypes_AreReported() => await Unguarded.ReportsAsync(Calls);

    [Fact]
    public async Task CallsOfProvidersOwnTypes_AreSilentWhereOptionsSaySo() => await new Verify("MSG001")
    {
        Config = "[*.cs]\nmicroscale_guard.MSG001.direct_calls = false\n",
    }.ReportsAsync(Calls.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));

    [Fact]
    public async Task AClientThatIsMadeOfAProvidersType_IsSilentInside() => await Unguarded.ReportsAsync("""
        class Adapter(OpenAI.Chat.ChatClient chat) : IChatClient
        {
            public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default)
            {
                var answer = await chat.CompleteChatAsync("q");
                return new(new ChatMessage(ChatRole.Assistant, answer.Value.Content[0].Text));
            }

            public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken c = default) => throw new NotImplementedException();
            public object? GetService(Type t, object? k = null) => null;
            public void Dispose() { }
        }

        class C
        {
            Task M(OpenAI.Chat.ChatClient chat) => [|new Adapter(chat).GetResponseAsync("q")|];
        }
        """);

    [Fact]
    public async Task ACallOfAProvidersOwnType_HasNoFix() => await Unguarded.ReportsWithoutFixAsync<GuardClientCodeFixProvider>("""
        class C { void M(OpenAI.Chat.ChatClient chat) => [|chat.CompleteChat("q")|]; }
        """);
}
