using System.Runtime.CompilerServices;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Abstention;

/// <summary>Stands in for the inner boxes: judges what a model says with a function of a test's, sentence by sentence when
/// streaming (a sentence ends with a full stop and a space).</summary>
internal sealed class JudgingChatClient(IChatClient model, Func<string, GuardReport> judge) : DelegatingChatClient(model)
{
    public static readonly Evidence Sky = new("sky", "The sky is blue.");

    /// <summary>A sentence with "lie" in it is contradicted, one with "guess" unverifiable, others supported.</summary>
    public static JudgingChatClient ByWords(params ScriptedReply[] replies) => new(new ScriptedChatClient(replies), Words);

    public static GuardReport Words(string text)
    {
        var verdicts = new List<ClaimVerdict>();
        var start = 0;
        foreach (var sentence in text.Split(". "))
        {
            var verdict = sentence.Contains("lie") ? Verdict.Contradicted : sentence.Contains("guess") ? Verdict.Unverifiable : Verdict.Supported;
            verdicts.Add(new ClaimVerdict(new Claim(sentence, start, sentence.Length), verdict) { Findings = [new VerifierFinding("words", verdict)] });
            start += sentence.Length + 2;
        }

        return new GuardReport
        {
            Verdicts = verdicts,
            Confidence = new ConfidenceScore("fixed", 0.7),
            Evidence = [Sky],
            ScoredLength = text.Length,
            VerifiedLength = text.Length,
            Timings = new() { Generation = TimeSpan.FromSeconds(1) },
        };
    }

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken);
        response.SetGuardReport(judge(response.Text));
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (text, judged) = ("", 0);
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return last = update;
            text += update.Text;
            var end = text.LastIndexOf(". ", StringComparison.Ordinal) + 1;
            if (end > judged)
            {
                judged = end;
                yield return GuardReportExtensions.CreateReportUpdate(judge(text[..end]), last);
            }
        }

        yield return GuardReportExtensions.CreateReportUpdate(judge(text), last);
    }
}
