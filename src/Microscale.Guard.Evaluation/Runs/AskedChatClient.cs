using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation;

/// <summary>Passes one question on, and remembers by which instructions the model was asked. The client inside is lent, and not
/// disposed.</summary>
internal sealed class AskedChatClient(IChatClient client) : IChatClient
{
    /// <summary>The fingerprint of the instructions; null before the question.</summary>
    public string? PromptFingerprint { get; private set; }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> asked = [.. messages];
        PromptFingerprint = CalibrationPipeline.FingerprintPrompt(asked, options);
        return client.GetResponseAsync(asked, options, cancellationToken);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("An evaluation is never streamed.");

    public object? GetService(Type serviceType, object? serviceKey = null) => client.GetService(serviceType, serviceKey);

    public void Dispose()
    {
    }
}
