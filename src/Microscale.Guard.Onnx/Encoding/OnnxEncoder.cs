using System.Buffers;
using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>Runs an encoder graph over rows of token ids.</summary>
/// <remarks>Safe for concurrent callers. A call that is under way when it is disposed ends with an
/// <see cref="ObjectDisposedException"/> after its current batch.</remarks>
internal sealed class OnnxEncoder : IDisposable
{
    private static readonly string[] KnownInputs = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly SharedSession _session;
    private readonly ModelFolder _folder;
    private readonly string[] _outputs;
    private readonly int _padding;
    private readonly int _batchSize;
    private GraphShape? _shape;

    /// <summary>Opens a graph, which is loaded when it is first used.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="defaultBatchSize">Used when the options name none.</param>
    /// <param name="output">The output to read.</param>
    /// <param name="padding">The id that fills shorter rows.</param>
    /// <param name="owner">Who is named when it is used after disposal.</param>
    public OnnxEncoder(ModelFolder folder, OnnxEncoderOptions options, int defaultBatchSize, string output, int padding, Type owner)
    {
        _session = new SharedSession(folder, options.ThreadCount, options.AllowSpinning, owner);
        _folder = folder;
        _outputs = [output];
        _padding = padding;
        _batchSize = options.BatchSize ?? defaultBatchSize;
    }

    /// <summary>Reads the output of one row: all of its numbers, padding included.</summary>
    public delegate void RowReader(int row, ReadOnlySpan<float> output);

    /// <summary>The length of the output's last dimension; asking for it loads the graph.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public int Width
    {
        get
        {
            Load();
            return _shape!.Width;
        }
    }

    /// <summary>Loads the graph now.</summary>
    /// <exception cref="ModelFolderException">The graph cannot be loaded, or has other inputs and outputs.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    public void Load()
    {
        if (_shape is null)
        {
            _session.Use(this, static (session, encoder) => encoder.Shape(session));
        }
    }

    /// <summary>Throws when it was disposed.</summary>
    public void ThrowIfDisposed() => _session.ThrowIfDisposed();

    /// <summary>Runs all rows in batches.</summary>
    /// <param name="rows">The token ids of each row; none is empty.</param>
    /// <param name="read">Reads the output of each row once, in any order, one at a time.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    public void Run(IReadOnlyList<int[]> rows, RowReader read, CancellationToken cancellationToken)
    {
        foreach (var batch in LengthBatches.Plan(rows, _batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _session.Use((this, rows, batch, read), static (session, s) => s.Item1.RunBatch(session, s.rows, s.batch, s.read));
        }
    }

    public void Dispose() => _session.Dispose();

    private GraphShape Shape(InferenceSession session)
    {
        if (_shape is { } known)
        {
            return known;
        }

        string[] inputs = [.. KnownInputs.Where(session.InputMetadata.ContainsKey)];
        return _shape = inputs.Length == session.InputMetadata.Count && session.OutputMetadata.TryGetValue(_outputs[0], out var result)
            && result.Dimensions is [.., > 0 and var width]
            ? new GraphShape(inputs, width)
            : throw ModelFolderException.For(
                _folder.Path, [], [OnnxSessions.ModelFile], $"; the graph must take {string.Join(", ", KnownInputs)} (or some of them) and give {_outputs[0]}");
    }

    private void RunBatch(InferenceSession session, IReadOnlyList<int[]> rows, ArraySegment<int> batch, RowReader read)
    {
        var names = Shape(session).Inputs;
        var length = rows[batch[^1]].Length;
        var count = batch.Count * length;
        var buffer = ArrayPool<long>.Shared.Rent(3 * count);
        try
        {
            var tensors = buffer.AsMemory(0, 3 * count);
            Fill(rows, batch, length, tensors.Span[..count], tensors.Span.Slice(count, count));
            tensors.Span[(2 * count)..].Clear();

            long[] shape = [batch.Count, length];
            using var ids = Tensor(tensors[..count], shape);
            using var mask = Tensor(tensors.Slice(count, count), shape);
            using var types = Tensor(tensors[(2 * count)..], shape);
            OrtValue[] inputs = [.. names.Select(name => name switch { "input_ids" => ids, "attention_mask" => mask, _ => types })];

            using var options = new RunOptions();
            using var outputs = Run(session, options, names, inputs);
            var output = outputs[0].GetTensorDataAsSpan<float>();
            var stride = output.Length / batch.Count;
            for (var i = 0; i < batch.Count; i++)
            {
                read(batch[i], output.Slice(i * stride, stride));
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(buffer);
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, RunOptions options, string[] names, OrtValue[] inputs)
    {
        EncoderRuns.Begin();
        try
        {
            return session.Run(options, names, inputs, _outputs);
        }
        finally
        {
            EncoderRuns.End();
        }
    }

    private void Fill(IReadOnlyList<int[]> rows, ArraySegment<int> batch, int length, Span<long> ids, Span<long> mask)
    {
        ids.Fill(_padding);
        mask.Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            var row = rows[batch[i]];
            for (var j = 0; j < row.Length; j++)
            {
                ids[(i * length) + j] = row[j];
            }

            mask.Slice(i * length, row.Length).Fill(1);
        }
    }

    private static OrtValue Tensor(Memory<long> values, long[] shape) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape);

    /// <param name="Inputs">The inputs that the graph takes.</param>
    /// <param name="Width">The length of the output's last dimension.</param>
    private sealed record GraphShape(string[] Inputs, int Width);
}
