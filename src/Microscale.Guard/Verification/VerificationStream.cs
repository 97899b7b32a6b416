using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>One streamed answer: reads the model, passes its updates on at once, and verifies each sentence while the next
/// is generated.</summary>
internal sealed class VerificationStream(
    AnswerVerification verification, VerificationOptions options, IReadOnlyList<Evidence> evidence, string question, bool isInnermost)
{
    private readonly Channel<ChatResponseUpdate> _output = Channel.CreateUnbounded<ChatResponseUpdate>(new() { SingleReader = true });
    private readonly Channel<Sentence> _sentences = Channel.CreateUnbounded<Sentence>(new() { SingleReader = true, SingleWriter = true });
    private readonly SentenceSegmenter _segmenter = new(options.MaxSentenceLength);
    private readonly List<ClaimVerdict> _verdicts = [];
    private readonly List<GuardFault> _faults = [];

    // Guards what follows and the order of reports: each that is written is at least as complete as the one before.
    private readonly Lock _lock = new();
    private IReadOnlyList<Evidence> _evidence = evidence;
    private int _enqueued;
    private GuardReport? _inner;
    private ChatResponseUpdate? _last;
    private int _verifiedLength;
    private TimeSpan _verifying;
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
        using var generation = isInnermost ? GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Generation) : null;
        var begun = options.TimeProvider.GetTimestamp();
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
            lock (_lock)
            {
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
        foreach (var end in ends)
        {
            var claim = ClaimSplitter.FromSentence(_segmenter.Text, _enqueued, end, question);
            _sentences.Writer.TryWrite(new Sentence(claim, end, _evidence, _last?.ResponseId));
            _enqueued = end;
        }
    }

    private async Task VerifySentencesAsync(CancellationToken cancellationToken)
    {
        // Leaves the caller, so that the model is read meanwhile.
        await Task.Yield();
        await foreach (var sentence in _sentences.Reader.ReadAllAsync(cancellationToken))
        {
            var result = await verification.VerifyAsync(sentence.Claim is { } claim ? [claim] : [], sentence.Evidence, sentence.ResponseId, cancellationToken);
            lock (_lock)
            {
                _verdicts.AddRange(result.Verdicts);
                _faults.AddRange(result.Faults);
                _verifying += result.Duration;
                _verifiedLength = sentence.End;
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

    private GuardReport Report()
    {
        var inner = _inner ?? new GuardReport();
        return VerificationChatClient.Merge(inner, [.. _verdicts], _verifiedLength, _evidence, [.. _faults], _verifying, _generating);
    }

    private bool IsAnswer() => _last?.ContinuationToken is null && !_segmenter.Text.IsWhiteSpace();

    private readonly record struct Sentence(Claim? Claim, int End, IReadOnlyList<Evidence> Evidence, string? ResponseId);
}
