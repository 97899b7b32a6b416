using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar;

/// <summary>Checks that answers have the form that their request asks for: the JSON of <see cref="ChatOptions.ResponseFormat"/>, valid
/// under its schema, or a text of the grammar of <see cref="ChatOptionsGrammarExtensions.ConstrainTo"/>. For model clients that
/// cannot decode under a grammar.</summary>
/// <remarks>
/// <para>The result is in the report (<see cref="GuardReport.Form"/>), where an <see cref="AbstentionChatClient"/> outside of this one
/// finds it: it has a broken answer repaired as its options say, and withholds what stays broken. Put this client next to the
/// model. What a client inside has constrained while decoding is left as it is.</para>
/// <para>Fields that are chosen from the evidence (<see cref="EvidenceChoiceExtensions"/>) are resolved here too, for chains without
/// grounding.</para>
/// <para>A stream whose request asks for a form is handed out when it is whole and checked. Calls of tools pass unchecked.
/// Safe for concurrent callers.</para>
/// </remarks>
/// <param name="innerClient">The model, or the next box of the chain.</param>
public sealed class AnswerFormChatClient(IChatClient innerClient) : DelegatingChatClient(innerClient)
{
    private readonly AnswerFormChecker _checker = new();

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> conversation = [.. messages];
        options = options.ResolveEvidenceChoices(conversation);
        var response = await base.GetResponseAsync(conversation, options, cancellationToken);
        if (Check(response, options) is { } form)
        {
            response.SetAnswerForm(form);
        }

        return response;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> conversation = [.. messages];
        options = options.ResolveEvidenceChoices(conversation);
        var held = new List<ChatResponseUpdate>();
        await foreach (var update in base.GetStreamingResponseAsync(conversation, options, cancellationToken))
        {
            if (AnswerFormChecker.HasForm(options))
            {
                held.Add(update);
            }
            else
            {
                yield return update;
            }
        }

        // What covers the text goes before it.
        if (held.Count > 0 && Check(held.ToChatResponse(), options) is { } form)
        {
            var report = new ChatResponseUpdate { Role = ChatRole.Assistant, ResponseId = held[0].ResponseId, ModelId = held[0].ModelId };
            report.SetAnswerForm(form);
            yield return report;
        }

        foreach (var update in held)
        {
            yield return update;
        }
    }

    /// <summary>How a response keeps its form; null when there is nothing to check.</summary>
    private AnswerForm? Check(ChatResponse response, ChatOptions? options) =>
        !AnswerFormChecker.HasForm(options) || response.ContinuationToken is not null || response.GetGuardReport()?.Form is not null ? null
        : response.Messages.Any(m => m.Contents.OfType<FunctionCallContent>().Any()) && string.IsNullOrWhiteSpace(response.Text) ? null
        : _checker.Check(response.Text, options!);
}
