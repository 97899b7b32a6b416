using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>A model that opens an activity of the application for each call, as an instrumented HTTP client would; in a
/// stream for each update.</summary>
internal sealed class TracedModel(ScriptedChatClient model) : DelegatingChatClient(model)
{
    public TracedModel(params ScriptedReply[] replies)
        : this(new ScriptedChatClient(replies))
    {
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var call = Listening.Application.StartActivity("call");
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            using (Listening.Application.StartActivity("read"))
            {
                await Task.Yield();
            }

            yield return update;
        }
    }
}
