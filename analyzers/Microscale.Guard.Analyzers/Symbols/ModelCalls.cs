namespace Microscale.Guard.Analyzers;

/// <summary>The types through which models are called, by metadata name, and the methods of them that make a model
/// answer. Their extension methods of the same names count too.</summary>
/// <remarks>Names only: the analyzer refers to none of these libraries, and a compilation may hold any of them.</remarks>
internal static class ModelCalls
{
    private static readonly string[] s_responses = ["CreateResponse", "CreateResponseAsync", "CreateResponseStreaming", "CreateResponseStreamingAsync"];

    /// <summary>Types that a guard can stand behind, because they can be implemented by a decorator or be given one.</summary>
    public static readonly (string Type, string[] Methods)[] Guardable =
    [
        ("Microsoft.Extensions.AI.IChatClient", ["GetResponseAsync", "GetStreamingResponseAsync"]),
        ("Microsoft.Agents.AI.AIAgent", ["RunAsync", "RunStreamingAsync"]),
        ("Microsoft.SemanticKernel.ChatCompletion.IChatCompletionService",
            ["GetChatMessageContentsAsync", "GetChatMessageContentAsync", "GetStreamingChatMessageContentsAsync"]),
        ("Microsoft.SemanticKernel.TextGeneration.ITextGenerationService",
            ["GetTextContentsAsync", "GetTextContentAsync", "GetStreamingTextContentsAsync"]),
        ("Microsoft.SemanticKernel.Kernel", ["InvokePromptAsync", "InvokePromptStreamingAsync"]),
    ];

    /// <summary>Methods that run a function of Semantic Kernel, which is a model call when it was made of a prompt.</summary>
    public static readonly string[] Functions = ["InvokeAsync", "InvokeStreamingAsync"];

    /// <summary>Providers' own types: what is called on them goes around any guard.</summary>
    public static readonly (string Type, string[] Methods)[] Direct =
    [
        ("OpenAI.Chat.ChatClient", ["CompleteChat", "CompleteChatAsync", "CompleteChatStreaming", "CompleteChatStreamingAsync"]),
        ("OpenAI.Responses.ResponsesClient", s_responses),
        ("OpenAI.Responses.OpenAIResponseClient", s_responses),
        ("OllamaSharp.IOllamaApiClient", ["Chat", "ChatAsync", "Generate", "GenerateAsync"]),
        ("OllamaSharp.Chat", ["Send", "SendAsync", "SendAs", "SendAsAsync"]),
    ];
}
