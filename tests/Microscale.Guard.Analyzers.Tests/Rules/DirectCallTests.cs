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

    /// <summary>The whole result with its raw response is out of a chat client's reach, and so is another provider's own type.</summary>
    [Fact]
    public async Task ACallWhoseResultCannotBeHad_HasNoFix() => await Unguarded.ReportsWithoutFixAsync<GuardClientCodeFixProvider>("""
        class C
        {
            System.ClientModel.ClientResult<OpenAI.Chat.ChatCompletion> M(OpenAI.Chat.ChatClient chat) => [|chat.CompleteChat("q")|];
            IAsyncEnumerable<object?> N(IOllamaApiClient ollama) => [|ollama.GenerateAsync("q")|];
        }
        """);

    [Fact]
    public async Task Fix_OfOpenAICalls_GoesThroughAGuardedChatClient()
    {
        const string Guarded = "new Microsoft.Extensions.AI.ChatClientBuilder(Microsoft.Extensions.AI.OpenAIClientExtensions.AsIChatClient(chat)).UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6)).Build()";
        await new Verify("MSG001") { HasImplicitUsings = false }.FixesAsync<GuardClientCodeFixProvider>(
            """
            #pragma warning disable OPENAI001
            using System.Collections.Generic;
            using System.Threading;
            using System.Threading.Tasks;
            using OpenAI.Chat;

            class C
            {
                async Task M(ChatClient chat, List<ChatMessage> messages, ChatCompletionOptions options, CancellationToken token)
                {
                    // Kept.
                    ChatCompletion one = [|chat.CompleteChat("q")|];
                    ChatCompletion two = await [|chat.CompleteChatAsync(messages, options, token)|];
                    var three = (await [|chat.CompleteChatAsync(["q", new UserChatMessage("r")])|]).Value;
                    foreach (var update in [|chat.CompleteChatStreaming(messages)|]) { }
                    await foreach (var update in [|chat.CompleteChatStreamingAsync(messages, cancellationToken: token)|]) { }
                }
            }
            """,
            $$"""
            #pragma warning disable OPENAI001
            using System.Collections.Generic;
            using System.Threading;
            using System.Threading.Tasks;
            using Microscale.Guard;
            using OpenAI.Chat;

            class C
            {
                async Task M(ChatClient chat, List<ChatMessage> messages, ChatCompletionOptions options, CancellationToken token)
                {
                    // Kept.
                    ChatCompletion one = {{Guarded}}.GetResponseAsync(new ChatMessage[] { "q" }.AsChatMessages()).GetAwaiter().GetResult().AsOpenAIChatCompletion();
                    ChatCompletion two = (await {{Guarded}}.GetResponseAsync(messages.AsChatMessages(), new Microsoft.Extensions.AI.ChatOptions { RawRepresentationFactory = _ => options }, cancellationToken: token)).AsOpenAIChatCompletion();
                    var three = (await {{Guarded}}.GetResponseAsync(new ChatMessage[] { "q", new UserChatMessage("r") }.AsChatMessages())).AsOpenAIChatCompletion();
                    foreach (var update in {{Guarded}}.GetStreamingResponseAsync(messages.AsChatMessages()).AsOpenAIStreamingChatCompletionUpdatesAsync().ToBlockingEnumerable()) { }
                    await foreach (var update in {{Guarded}}.GetStreamingResponseAsync(messages.AsChatMessages(), cancellationToken: token).AsOpenAIStreamingChatCompletionUpdatesAsync()) { }
                }
            }
            """);
    }

    /// <summary>The conversion back is experimental, which the file has to allow.</summary>
    [Fact]
    public async Task Fix_WhereExperimentsAreNotAllowed_AllowsThemInTheFile() => await new Verify("MSG001") { HasImplicitUsings = false }.FixesAsync<GuardClientCodeFixProvider>(
        """
        // Kept.
        using Microscale.Guard;
        using OpenAI.Chat;

        class C
        {
            ChatCompletion M(ChatClient chat) => [|chat.CompleteChat("q")|];
        }
        """,
        """
        // Kept.
        #pragma warning disable OPENAI001
        using Microscale.Guard;
        using OpenAI.Chat;

        class C
        {
            ChatCompletion M(ChatClient chat) => new Microsoft.Extensions.AI.ChatClientBuilder(Microsoft.Extensions.AI.OpenAIClientExtensions.AsIChatClient(chat)).UseHallucinationGuard(guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.6)).Build().GetResponseAsync(new ChatMessage[] { "q" }.AsChatMessages()).GetAwaiter().GetResult().AsOpenAIChatCompletion();
        }
        """);
}
