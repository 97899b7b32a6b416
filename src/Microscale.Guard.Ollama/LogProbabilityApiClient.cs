using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace Microscale.Guard.Ollama;

/// <summary>OllamaSharp's client, which adds to a chat request what its types do not know, and shows its response to a capture.</summary>
internal sealed class LogProbabilityApiClient : OllamaApiClient
{
    private readonly ConditionalWeakTable<OllamaRequest, LineCapture> _captures = [];

    public LogProbabilityApiClient(Uri uri, string model)
        : base(uri, model)
    {
    }

    public LogProbabilityApiClient(HttpClient httpClient, string model)
        : base(httpClient, model)
    {
    }

    /// <summary>Lets a capture see the response to a request.</summary>
    public void Capture(ChatRequest request, LineCapture capture) => _captures.AddOrUpdate(request, capture);

    protected override async Task<HttpResponseMessage> SendToOllamaAsync(
        HttpRequestMessage requestMessage, OllamaRequest? ollamaRequest, HttpCompletionOption completionOption, CancellationToken cancellationToken)
    {
        if (ollamaRequest is null || !_captures.TryGetValue(ollamaRequest, out var capture))
        {
            return await base.SendToOllamaAsync(requestMessage, ollamaRequest, completionOption, cancellationToken);
        }

        if (capture.Alternatives is { } alternatives)
        {
            requestMessage.Content = await AskAsync(requestMessage.Content!, alternatives, cancellationToken);
        }

        var response = await base.SendToOllamaAsync(requestMessage, ollamaRequest, completionOption, cancellationToken);
        var content = new StreamContent(new LineCapturingStream(await response.Content.ReadAsStreamAsync(cancellationToken), capture, cancellationToken));
        foreach (var (name, values) in response.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = content;
        return response;
    }

    private static async Task<StringContent> AskAsync(HttpContent content, int alternatives, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse(await content.ReadAsStringAsync(cancellationToken))!.AsObject();
        body["logprobs"] = true;
        if (alternatives > 0)
        {
            body["top_logprobs"] = alternatives;
        }

        return new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
    }
}
