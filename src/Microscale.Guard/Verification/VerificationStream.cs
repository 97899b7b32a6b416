using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>One streamed answer: reads the model, passes its updates on at once, and verifies each sentence while the next
/// is generated; an answer in JSON when it is complete.</summary>
internal sealed class VerificationStream(
    AnswerVerification verification,
    VerificationOptions options,
    IReadOnlyList<Evidence> evidence,
    string question,
    bool isStructured,
    bool isInnermost,
    ChatOptions? chatOptions)
{
    private readonly Channel<ChatResponseUpdate> _output = Channel.CreateUnbounded<ChatResponseUpdate>(new() { SingleReader = true });
    private readonly Channel<Sentence> _sentences = Channel.CreateUnbounded<Sentence>(new() { SingleReader = true, SingleWriter = true });
    private readonly SentenceSegmenter _segmenter = new(options.MaxSentenceLength);

    // Guards what follows and the order of reports: each that is written is at least as complete as the one before.
    private readonly Lock _lock = new();
    private IReadOnlyList<Evidence> _evidence = evidence;
    private int _enqueued;
    private GuardReport? _inner;
    private ChatResponseUpdate? _last;
    private VerificationResult _result = VerificationResult.Empty;
    private int _verifiedLength;
    private long? _begun;
    private TimeSpan _generating;

    /// <summary>The model's updates, and reports between them. Ends with the model's exception, if it threw.</summary>
    public ChannelReader<ChatResponseUpdate> Output => _output.Reader;

    /// <summary>Reads the model to its end and verifies what it says; never throws.</summary>
    public async Task RunAsync(IAsyncEnumerable<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        Exception? error = null;
        var verifying = VerifySentencesAsync(cancellationToken);
        try
        {
            await ReadAsync(updates, cancellationToken);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        _sentences.Writer.Complete();
        try
        {
            await verifying;
            if (_result.Usage is { } usage)
            {
                _output.Writer.TryWrite(ConfidenceChatClient.CreateUsageUpdate(usage, _last));
            }

            if (error is null && IsAnswer())
            {
                WriteReport();
            }
        }
        catch (Exception exception)
        {
            error ??= exception;
        }

        _output.Writer.Complete(error);
    }

    private async Task ReadAsync(IAsyncEnumerable<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        using var generation = isInnermost ? GuardTelemetry.StartGeneration(chatOptions) : null;
        var begun = options.TimeProvider.GetTimestamp();
        lock (_lock)
        {
            _begun = begun;
        }

        try
        {
            await foreach (var update in updates.WithCancellation(cancellationToken))
            {
                Receive(update);
            }

            if (IsAnswer())
            {
                Enqueue(_segmenter.Complete());
            }
        }
        catch (Exception exception)
        {
            GuardTelemetry.RecordFailure(generation, exception, cancellationToken);
            throw;
        }
        finally
        {
            GuardTelemetry.RecordGeneration(generation, _last?.ResponseId, _last?.ModelId);
            lock (_lock)
            {
                _begun = null;
                _generating = options.TimeProvider.GetElapsedTime(begun);
            }
        }
    }

    private void Receive(ChatResponseUpdate update)
    {
        if (_last?.MessageId is { } id && update.MessageId is { } next && id != next)
        {
            Enqueue(_segmenter.Flush());
        }

        lock (_lock)
        {
            _last = update;
            foreach (var content in update.Contents)
            {
                if (content.GetEvidence() is { } found && !_evidence.Any(e => e.Id == found.Id))
                {
                    _evidence = [.. _evidence, found];
                }
            }

            if (update.GetGuardReport() is { } report)
            {
                _inner = report;
                update = update.Clone();
                update.AdditionalProperties = new(update.AdditionalProperties!);
                update.SetGuardReport(Report());
            }

            _output.Writer.TryWrite(update);
        }

        Enqueue(_segmenter.Append(update.Text));
    }

    private void Enqueue(IReadOnlyList<int> ends)
    {
        if (isStructured)
        {
            // A value stands alone only in the whole.
            if (_segmenter.IsComplete)
            {
                var answer = _segmenter.Text.ToString();
                Enqueue(StructuredClaims.Split(answer, question, options.MaxSentenceLength), answer);
            }

            return;
        }

        foreach (var end in ends)
        {
            Enqueue(ClaimSplitter.FromSentence(_segmenter.Text, _enqueued, end, question), _segmenter.Text[..end].ToString());
            _enqueued = end;
        }
    }

    private void Enqueue(IReadOnlyList<Claim> claims, string answer) =>
        _sentences.Writer.TryWrite(new Sentence(claims, answer, _evidence, _last?.ResponseId));

    private async Task VerifySentencesAsync(CancellationToken cancellationToken)
    {
        // Leaves the caller, so that the model is read meanwhile.
        await Task.Yield();
        await foreach (var sentence in _sentences.Reader.ReadAllAsync(cancellationToken))
        {
            var result = await verification.VerifyAsync(sentence.Claims, sentence.Answer, sentence.Evidence, sentence.ResponseId, cancellationToken);
            lock (_lock)
            {
                _result = _result.Plus(result);
                _verifiedLength = sentence.Answer.Length;
                WriteReport();
            }
        }
    }

    private void WriteReport()
    {
        lock (_lock)
        {
            _output.Writer.TryWrite(GuardReportExtensions.CreateReportUpdate(Report(), _last));
        }
    }

    private GuardReport Report() => VerificationChatClient.Merge(
        _inner ?? new GuardReport(),
        _result,
        _verifiedLength,
        _evidence,
        _begun is { } begun ? options.TimeProvider.GetElapsedTime(begun) : _generating);

    private bool IsAnswer() => _last?.ContinuationToken is null && !_segmenter.Text.IsWhiteSpace();

    /// <param name="Claims">What the sentence states.</param>
    /// <param name="Answer">The answer up to its end.</param>
    /// <param name="Evidence">The evidence by then.</param>
    /// <param name="ResponseId">The response that it is of.</param>
    private readonly record struct Sentence(IReadOnlyList<Claim> Claims, string Answer, IReadOnlyList<Evidence> Evidence, string? ResponseId);
}
