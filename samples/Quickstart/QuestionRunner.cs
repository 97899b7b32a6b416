using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Asks a question of the bare model and of the guarded one.</summary>
internal sealed class QuestionRunner(QuickstartPipeline pipeline, ChatOptions options)
{
    /// <summary>Asks both models and waits for their whole answers.</summary>
    public async Task<QuestionOutcome> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var (draft, draftTime) = await DraftAsync(question, cancellationToken);
        var watch = Stopwatch.StartNew();
        var answer = await pipeline.Guarded.GetResponseAsync(question.Text, options.Clone(), cancellationToken);
        return new QuestionOutcome(question, draft, draftTime, answer, watch.Elapsed);
    }

    /// <summary>Asks both models and tells each piece of the guarded answer as it is released.</summary>
    /// <param name="question">The question.</param>
    /// <param name="released">Gets each piece of text, and when it came.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<QuestionOutcome> StreamAsync(Question question, Action<string, TimeSpan> released, CancellationToken cancellationToken)
    {
        var (draft, draftTime) = await DraftAsync(question, cancellationToken);
        var watch = Stopwatch.StartNew();
        List<ChatResponseUpdate> updates = [];
        var piece = new StringBuilder();
        await using var stream = pipeline.Guarded
            .GetStreamingResponseAsync(question.Text, options.Clone(), cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = stream.MoveNextAsync();
            if (!next.IsCompleted)
            {
                // The gate lets out a sentence at once, token by token: when it has to wait, the sentence is over.
                Release();
            }

            if (!await next)
            {
                break;
            }

            updates.Add(stream.Current);
            piece.Append(stream.Current.Text);
        }

        Release();
        return new QuestionOutcome(question, draft, draftTime, updates.ToChatResponse(), watch.Elapsed);

        void Release()
        {
            if (piece.Length > 0)
            {
                released(piece.ToString(), watch.Elapsed);
                piece.Clear();
            }
        }
    }

    private async Task<(string Draft, TimeSpan Time)> DraftAsync(Question question, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var response = await pipeline.Bare.GetResponseAsync(question.Text, options.Clone(), cancellationToken);
        var cut = response.FinishReason == ChatFinishReason.Length ? " …" : "";
        return (response.Text.Trim() + cut, watch.Elapsed);
    }
}
