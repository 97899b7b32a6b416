using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Sentence embeddings by a local model of the kind of all-MiniLM-L6-v2: the mean over the tokens, scaled to length 1
/// (Reimers &amp; Gurevych 2019).</summary>
/// <remarks>
/// A text is read up to 256 tokens; the rest of a longer one is ignored. Safe for concurrent callers; work under way at disposal
/// ends with an <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int MaxTokens = 256;
    private const int DefaultBatchSize = 16;
    private const string Start = "[CLS]", End = "[SEP]", Padding = "[PAD]", Unknown = "[UNK]";

    private readonly WordPieceTokenizer _tokenizer;
    private readonly OnnxEncoder _encoder;
    private readonly string _modelId;

    /// <summary>Opens a model. Its weights are loaded by the first request, by <see cref="LoadAsync"/>, or when its metadata are asked
    /// for, which say the number of dimensions.</summary>
    /// <param name="folder">Its folder, with model.onnx and vocab.txt.</param>
    /// <param name="options">How it uses the processor; they are read once.</param>
    /// <exception cref="ModelFolderException">A file is missing, or is not that of such a model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OnnxEmbeddingGenerator(ModelFolder folder, OnnxEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new OnnxEncoderOptions();
        options.Validate();
        folder.Require(OnnxSessions.ModelFile, WordPieceVocabulary.FileName);
        _tokenizer = WordPieceVocabulary.Load(folder, [Start, End, Padding, Unknown, "[MASK]"], Unknown);
        _encoder = new OnnxEncoder(
            folder, options, DefaultBatchSize, "last_hidden_state", _tokenizer.Special(Padding), typeof(OnnxEmbeddingGenerator));
        _modelId = folder.Name;
    }

    /// <summary>Loads the weights before the first request needs them.</summary>
    /// <param name="cancellationToken">Ends the waiting; the loading goes on.</param>
    /// <exception cref="ModelFolderException">The graph or its weights cannot be read, or are of another kind.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) => Task.Run(_encoder.Load, cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts; an empty one has an embedding too.</param>
    /// <param name="options">Only <see cref="EmbeddingGenerationOptions.Dimensions"/> is read: it must be null or the model's own.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The embeddings, in the same order, each with the model's name; with the count of tokens that were read.</returns>
    /// <exception cref="ArgumentException">A text is null, or the options ask for another number of dimensions.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        _encoder.ThrowIfDisposed();
        await LoadAsync(cancellationToken);
        if (options?.Dimensions is { } dimensions && dimensions != _encoder.Width)
        {
            throw new ArgumentException(
                $"{nameof(EmbeddingGenerationOptions)}.{nameof(options.Dimensions)} is {dimensions}, but {_modelId} gives {_encoder.Width}: leave it null.",
                nameof(options));
        }

        string[] texts = [.. values];
        if (Array.Exists(texts, t => t is null))
        {
            throw new ArgumentException("A text is null: pass an empty text, or leave it out.", nameof(values));
        }

        return await Task.Run(() => Generate(texts, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("onnx", null, _modelId, _encoder.Width)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Releases the model, when the work that is under way has left it.</summary>
    public void Dispose() => _encoder.Dispose();

    /// <summary>The token ids that the model reads of a text.</summary>
    internal int[] Encode(string text)
    {
        List<int> ids = [_tokenizer.Special(Start)];
        _tokenizer.Encode(text, ids, MaxTokens - 2);
        ids.Add(_tokenizer.Special(End));
        return [.. ids];
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, CancellationToken cancellationToken)
    {
        var rows = Array.ConvertAll(texts, Encode);
        var embeddings = new Embedding<float>[rows.Length];
        _encoder.Run(
            rows,
            (row, output) => embeddings[row] = new Embedding<float>(Pool(output[..(rows[row].Length * _encoder.Width)])) { ModelId = _modelId },
            cancellationToken);
        long tokens = rows.Sum(r => r.Length);
        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    // The mean scaled to length 1 is the sum scaled to length 1.
    private float[] Pool(ReadOnlySpan<float> hidden)
    {
        var sum = new float[_encoder.Width];
        for (; !hidden.IsEmpty; hidden = hidden[sum.Length..])
        {
            TensorPrimitives.Add(sum, hidden[..sum.Length], sum);
        }

        var norm = TensorPrimitives.Norm<float>(sum);
        if (norm > 0)
        {
            TensorPrimitives.Divide(sum, norm, sum);
        }

        return sum;
    }
}
