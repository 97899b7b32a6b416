using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding;

internal static class GroundingTestExtensions
{
    /// <summary>Asks in the buffered or in the streaming form; a stream is put together to a response.</summary>
    public static async Task<ChatResponse> AskAsync(
        this IChatClient client, IEnumerable<ChatMessage> messages, bool streaming, ChatOptions? options = null) =>
        streaming
            ? await client.GetStreamingResponseAsync(messages, options, TestContext.Current.CancellationToken).ToChatResponseAsync()
            : await client.GetResponseAsync(messages, options, TestContext.Current.CancellationToken);

    /// <summary>Each citation with the words that it is on.</summary>
    public static List<(string Words, CitationAnnotation Citation)> Citations(this ChatResponse response) =>
    [
        .. from content in response.Messages.SelectMany(m => m.Contents).OfType<TextContent>()
           from citation in content.Annotations?.OfType<CitationAnnotation>() ?? []
           from region in citation.AnnotatedRegions?.Cast<TextSpanAnnotatedRegion>() ?? [new() { StartIndex = 0, EndIndex = 0 }]
           select (content.Text[region.StartIndex!.Value..region.EndIndex!.Value], citation),
    ];
}
