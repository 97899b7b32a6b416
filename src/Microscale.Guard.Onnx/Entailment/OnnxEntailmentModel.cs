using System.Numerics.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>An entailment model of the MPNet kind (a cross-encoder) on ONNX Runtime.</summary>
/// <remarks>
/// Premise and claim together are read up to 320 tokens (or what config.json says): the end of a longer premise is cut, a claim
/// never. The weights are int8 with activations scaled a run, so that probabilities move by some hundredths with what else is in
/// the batch; by default each pair runs alone, and a verdict depends on its pair only. The scores of the last 1,024 pairs are kept. Safe for concurrent callers; work under
/// way at disposal ends with an <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxEntailmentModel : IEntailmentModel, IDisposable
{
    private const int DefaultBatchSize = 1;
    private const int CacheCapacity = 1024;
    private const string Start = "<s>", End = "</s>", Padding = "<pad>", Unknown = "[UNK]";

    /// <summary>Start, end of the premise, start and end of the claim.</summary>
    private const int SpecialCount = 4;

    private readonly WordPieceTokenizer _tokenizer;
    private readonly OnnxEncoder _encoder;
    private readonly EntailmentConfig _config;

    /// <summary>Opens a model. Its weights are loaded by the first request, or by <see cref="LoadAsync"/>.</summary>
    /// <param name="folder">Its folder, with model.onnx and the weights beside it, vocab.txt and config.json.</param>
    /// <param name="options">How it uses the processor; they are read once.</param>
    /// <exception cref="ModelFolderException">A file is missing, or is not that of such a model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OnnxEntailmentModel(ModelFolder folder, OnnxEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new OnnxEncoderOptions();
        options.Validate();
        folder.Require(OnnxSessions.ModelFile, WordPieceVocabulary.FileName, EntailmentConfig.FileName);
        _config = EntailmentConfig.Load(folder);
        _tokenizer = WordPieceVocabulary.Load(folder, [Start, End, Padding, Unknown, "<unk>", "<mask>"], Unknown);
        _encoder = new OnnxEncoder(
            folder, options, DefaultBatchSize, "logits", _tokenizer.Special(Padding), typeof(OnnxEntailmentModel));

        // Scores depend on the batch where pairs share one.
        Fingerprint = (options.BatchSize ?? DefaultBatchSize) == 1 && ModelChecksums.Fingerprint(folder.Path) is { } sums ? $"{folder.Name}/{sums}" : null;
    }

    /// <summary>Loads the weights before the first request needs them.</summary>
    /// <param name="cancellationToken">Ends the waiting; the loading goes on.</param>
    /// <exception cref="ModelFolderException">The graph or its weights cannot be read, or are of another kind.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) => Task.Run(_encoder.Load, cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The folder's name with the checksum of its checksums; null without these, or where pairs run in batches, whose
    /// scores depend on what else is asked.</summary>
    public string? Fingerprint { get; }

    /// <summary>What was asked last.</summary>
    internal PairCache Cache { get; } = new(CacheCapacity);

    /// <summary>Classifies pairs of premise and claim.</summary>
    /// <param name="pairs">The pairs. An empty premise is allowed, and says nothing.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The probabilities of each pair, in the same order.</returns>
    /// <exception cref="ArgumentException">A premise or a claim is null, a claim has no token, or it alone is longer than the
    /// model can read: what was not read is never judged.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public async ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(
        IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        _encoder.ThrowIfDisposed();
        return await Task.Run(() => Classify(pairs, cancellationToken), cancellationToken);
    }

    /// <summary>Releases the model, when the work that is under way has left it.</summary>
    public void Dispose() => _encoder.Dispose();

    /// <summary>The token ids that the model reads of a pair.</summary>
    /// <exception cref="ArgumentException">It cannot be judged.</exception>
    internal int[] Encode(IReadOnlyList<EntailmentPair> pairs, int index)
    {
        var pair = pairs[index];
        if (pair.Premise is null || pair.Claim is null)
        {
            throw new ArgumentException($"pairs[{index}] has no premise or no claim: pass an empty premise when there is none.", nameof(pairs));
        }

        var room = _config.MaxTokens - SpecialCount;
        List<int> claim = [];
        if (!_tokenizer.Encode(pair.Claim, claim, room))
        {
            throw new ArgumentException(
                $"The claim of pairs[{index}] is longer than the {room} tokens that the model reads: split it into statements.", nameof(pairs));
        }

        if (claim.Count == 0)
        {
            throw new ArgumentException($"The claim of pairs[{index}] is empty: there is nothing to judge, leave the pair out.", nameof(pairs));
        }

        var (start, end) = (_tokenizer.Special(Start), _tokenizer.Special(End));
        List<int> ids = [start];
        _tokenizer.Encode(pair.Premise, ids, room - claim.Count);
        return [.. ids, end, end, .. claim, end];
    }

    private EntailmentScores[] Classify(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken)
    {
        var scores = new EntailmentScores[pairs.Count];
        var open = new Dictionary<EntailmentPair, List<int>>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (Cache.Find(pairs[i]) is { } known)
            {
                scores[i] = known;
            }
            else
            {
                open.TryAdd(pairs[i], []);
                open[pairs[i]].Add(i);
            }
        }

        List<int>[] asked = [.. open.Values];
        int[][] rows = [.. asked.Select(indices => Encode(pairs, indices[0]))];
        _encoder.Run(
            rows,
            (row, logits) =>
            {
                var result = Scores(logits);
                Cache.Add(pairs[asked[row][0]], result);
                asked[row].ForEach(i => scores[i] = result);
            },
            cancellationToken);
        return scores;
    }

    private EntailmentScores Scores(ReadOnlySpan<float> logits)
    {
        Span<double> p = stackalloc double[EntailmentConfig.LabelCount];
        TensorPrimitives.ConvertChecked(logits, p);
        TensorPrimitives.SoftMax(p, p);
        if (!double.IsFinite(TensorPrimitives.Sum<double>(p)))
        {
            throw new InvalidOperationException("The entailment model gave numbers that are no probabilities: its weights are damaged.");
        }

        return new EntailmentScores(p[_config.Entailment], p[_config.Neutral], p[_config.Contradiction]);
    }
}
