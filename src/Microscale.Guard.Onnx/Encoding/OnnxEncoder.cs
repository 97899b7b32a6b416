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
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly int _padding;
    private readonly int _batchSize;

    /// <summary>Loads a graph.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="defaultBatchSize">Used when the options name none.</param>
    /// <param name="output">The output to read.</param>
    /// <param name="padding">The id that fills shorter rows.</param>
    /// <param name="owner">Who is named when it is used after disposal.</param>
    /// <exception cref="ModelFolderException">The graph cannot be loaded, or has other inputs and outputs.</exception>
    public OnnxEncoder(ModelFolder folder, OnnxEncoderOptions options, int defaultBatchSize, string output, int padding, Type owner)
    {
        _session = new SharedSession(folder, options.ThreadCount, options.AllowSpinning, owner);
        try
        {
            (_inputs, Width) = Inspect(_session.Session, folder, output);
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        _outputs = [output];
        _padding = padding;
        _batchSize = options.BatchSize ?? defaultBatchSize;
    }

    /// <summary>Reads the output of one row: all of its numbers, padding included.</summary>
    public delegate void RowReader(int row, ReadOnlySpan<float> output);

    /// <summary>The length of the output's last dimension.</summary>
    public int Width { get; }

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

    private static (string[] Inputs, int Width) Inspect(InferenceSession session, ModelFolder folder, string output)
    {
        string[] inputs = [.. KnownInputs.Where(session.InputMetadata.ContainsKey)];
        return inputs.Length == session.InputMetadata.Count && session.OutputMetadata.TryGetValue(output, out var result)
            && result.Dimensions is [.., > 0 and var width]
            ? (inputs, width)
            : throw ModelFolderException.For(
                folder.Path, [], [OnnxSessions.ModelFile], $"; the graph must take {string.Join(", ", KnownInputs)} (or some of them) and give {output}");
    }

    private void RunBatch(InferenceSession session, IReadOnlyList<int[]> rows, ArraySegment<int> batch, RowReader read)
    {
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
            OrtValue[] inputs = [.. _inputs.Select(name => name switch { "input_ids" => ids, "attention_mask" => mask, _ => types })];

            using var options = new RunOptions();
            using var outputs = session.Run(options, _inputs, inputs, _outputs);
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
}
