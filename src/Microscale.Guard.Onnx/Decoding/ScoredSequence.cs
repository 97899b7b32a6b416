namespace Microscale.Guard.Onnx;

/// <summary>Given continuations of a prompt, whose log-probabilities the model says: the prompt is read once, each continuation in
/// runs of many tokens.</summary>
internal sealed class ScoredSequence(
    int[] prompt, IReadOnlyList<int[]> continuations, int topAlternatives, CancellationToken cancellationToken)
    : DecoderSequence(prompt, cancellationToken)
{
    /// <summary>More would take too much memory for logits: 200 KB a token.</summary>
    private const int ChunkLength = 32;

    private readonly List<TokenLogProbability>[] _scores = [.. continuations.Select(c => new List<TokenLogProbability>(c.Length))];
    private float[] _afterPrompt = [];
    private int _current;

    /// <summary>The log-probabilities of each continuation's tokens, once done.</summary>
    public IReadOnlyList<IReadOnlyList<TokenLogProbability>> Scores => _scores;

    public override ReadOnlySpan<int> TokensToKeep(int length) => Prompt.AsSpan(0, Math.Min(length, Prompt.Length));

    public override SequenceState Advance(DecodeContext engine, int row, int chunkLength)
    {
        if (_afterPrompt.Length == 0)
        {
            var logits = ReadPrompt(engine, row, chunkLength);
            if (logits.IsEmpty)
            {
                return SequenceState.Reading;
            }

            _afterPrompt = logits.ToArray();
        }
        else
        {
            ReadContinuation(engine, row);
        }

        while (_current < continuations.Count)
        {
            var (tokens, scores) = (continuations[_current], _scores[_current]);
            if (scores.Count == 0)
            {
                scores.Add(engine.LogProbabilities.Read(_afterPrompt, tokens[0], topAlternatives));
            }

            if (scores.Count < tokens.Length)
            {
                return SequenceState.Reading;
            }

            engine.Batch.Truncate(row, Prompt.Length);
            _current++;
        }

        return SequenceState.Done;
    }

    private void ReadContinuation(DecodeContext engine, int row)
    {
        var (tokens, scores) = (continuations[_current], _scores[_current]);
        var first = scores.Count;
        var chunk = tokens.AsSpan(first - 1, Math.Min(ChunkLength, tokens.Length - first));
        var repeated = 0;
        if (chunk.Length == 1)
        {
            // Never one token alone: the runtime has another kernel for that, which rounds otherwise.
            repeated = 1;
            engine.Batch.Truncate(row, engine.Batch.Length(row) - 1);
            chunk = new[] { first > 1 ? tokens[first - 2] : Prompt[^1], chunk[0] };
        }

        var logits = engine.Batch.ReadAll(row, chunk);
        var width = logits.Length / chunk.Length;
        for (var i = repeated; i < chunk.Length; i++)
        {
            scores.Add(engine.LogProbabilities.Read(logits.Slice(i * width, width), tokens[first + i - repeated], topAlternatives));
        }
    }
}
