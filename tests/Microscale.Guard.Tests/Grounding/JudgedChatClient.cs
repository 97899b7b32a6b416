using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding;

/// <summary>Stands for the inner boxes of the chain: says pieces of text, and after or with each what is known so far.</summary>
internal sealed class JudgedChatClient(params (string? Text, GuardReport? Report)[] pieces) : IChatClient
{
    /// <summary>Whether a report comes in an update of its own before its piece of text, or on the same update.</summary>
    public bool ReportsApart { get; init; }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var contents = pieces.Where(p => p.Text is not null).Select(p => (AIContent)new TextContent(p.Text));
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. contents]));
        if (pieces.LastOrDefault(p => p.Report is not null).Report is { } report)
        {
            response.SetGuardReport(report);
        }

        return Task.FromResult(response);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (text, report) in pieces)
        {
            await Task.Yield();
            var update = new ChatResponseUpdate(ChatRole.Assistant, text is null ? [] : [new TextContent(text)]) { MessageId = "m", RawRepresentation = text };
            if (report is not null && (ReportsApart || text is null))
            {
                yield return GuardReportExtensions.CreateReportUpdate(report, update);
            }
            else if (report is not null)
            {
                update.SetGuardReport(report);
            }

            if (text is not null)
            {
                yield return update;
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
