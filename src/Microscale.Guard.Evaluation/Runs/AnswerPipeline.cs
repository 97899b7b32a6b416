using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation;

/// <summary>Measures a chat client, guarded or bare, on questions with known answers, with or without a passage to answer
/// from.</summary>
/// <remarks>
/// <para>An answer is right when it holds one of the known answers as whole words (<see cref="AnswerMatching.IsMatch"/>), or, of a known
/// answer that is longer than <see cref="ShortAnswerWords"/> words, half of its words. A question without an answer has no right
/// one. An abstention, and a refusal in the model's own words, is no answer.</para>
/// <para>The score is the confidence in the report. Have the guard keep its drafts (<see cref="AbstentionOptions.KeepDraft"/>), so that
/// it is known of a withheld answer whether it was right: figures of ranking and calibration rest on that.</para>
/// </remarks>
public sealed class AnswerPipeline : IEvaluationPipeline<QuestionRow>, IEvaluationPipeline<PassageRow>
{
    /// <summary>The longest known answer, in words, that must be found word by word.</summary>
    public const int ShortAnswerWords = 6;

    private const double LongAnswerShare = 0.5;

    private readonly IChatClient _client;
    private readonly AnswerPipelineOptions _options;

    /// <summary>Creates the pipeline.</summary>
    /// <param name="name">Its name in results.</param>
    /// <param name="client">The client, without grounding: a row's passage is put before it by the pipeline. It is not
    /// disposed.</param>
    /// <param name="options">How it is asked; null for the defaults.</param>
    public AnswerPipeline(string name, IChatClient client, AnswerPipelineOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(client);
        (Name, _client, _options) = (name, client, options ?? new());
        Fingerprint = _options.Fingerprint ?? client.GetService<ChatClientMetadata>()?.DefaultModelId ?? client.GetType().Name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public async ValueTask<EvaluationItem> EvaluateAsync(QuestionRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        using var asked = new AskedChatClient(_client);
        return await AskAsync(asked, asked, row.Question, row.Answers, row.IsAnswerable, cancellationToken) with
        {
            Id = row.Id,
            Group = TextHash.Of(row.Question),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<EvaluationItem> EvaluateAsync(PassageRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        var evidence = new Evidence("passage", row.Passage) { Source = row.Title };
        var source = EvidenceSource.FromDelegate((_, _) => ValueTask.FromResult<IReadOnlyList<Evidence>>([evidence]));
        using var asked = new AskedChatClient(_client);
        using var grounded = new GroundingChatClient(asked, source, _options.Grounding);
        return await AskAsync(grounded, asked, row.Question, row.Answers, row.IsAnswerable, cancellationToken) with
        {
            Id = row.Id,
            Group = TextHash.Of(row.Passage),
        };
    }

    /// <summary>Whether a text answers a question.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="answers">The known answers; with none, no text is right.</param>
    public static bool IsAnswer(string text, IReadOnlyList<string> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (AnswerMatching.IsMatch(text, answers))
        {
            return true;
        }

        HashSet<string> said = [.. AnswerMatching.Normalize(text).Split(' ')];
        return answers.Select(a => AnswerMatching.Normalize(a).Split(' ')).Any(known =>
            known.Length > ShortAnswerWords && known.Distinct().ToArray() is var words && words.Count(said.Contains) >= LongAnswerShare * words.Length);
    }

    private async Task<EvaluationItem> AskAsync(
        IChatClient client, AskedChatClient asked, string question, IReadOnlyList<string> answers, bool isAnswerable, CancellationToken cancellationToken)
    {
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, question)], _options.Chat.Clone(), cancellationToken);
        var report = response.GetGuardReport();
        var isWithheld = report?.Decision == GuardDecision.Abstained;
        var text = isWithheld ? report!.WithheldDraft ?? "" : response.Text;
        var isAnswer = ClaimSplitter.Split(text, question).Count > 0;
        var isRight = isAnswerable && IsAnswer(text, answers);
        var isAccepted = !isWithheld && isAnswer;
        return new EvaluationItem
        {
            Pipeline = Name,
            Row = 0,
            Score = report?.Confidence?.Value,
            RawScore = report?.Confidence?.RawValue,
            IsTrue = isRight,
            IsAccepted = isAccepted,
            IsRight = isAccepted ? isRight : !isAnswerable,
            IsUpToScore = isAnswer && (!isWithheld || report!.Reason is GuardReason.LowConfidence or GuardReason.NotCalibrated),
            Question = question,
            Answer = text,
            Expected = isAnswerable ? string.Join(" | ", answers.Take(3)) : "no answer",
            Reason = isWithheld ? report!.Reason.ToString() : isAnswer ? null : "Refused",
            Model = response.ModelId,
            Scorer = _options.Scorer,
            Prompt = asked.PromptFingerprint,
        };
    }
}
