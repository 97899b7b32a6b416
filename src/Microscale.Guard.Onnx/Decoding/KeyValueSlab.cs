using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>Memory for keys and values of several rows: for each layer two tensors [rows, heads, capacity, head size], of which
/// any run of rows is a tensor too.</summary>
/// <remarks>One block of memory that the system fills with zeros where it is first touched, so that capacity that no sequence
/// reaches costs address space only. Not safe for concurrent callers.</remarks>
internal sealed unsafe class KeyValueSlab : IDisposable
{
    private readonly DecoderConfig _config;
    private float* _memory;
    private readonly long _rowSize;
    private readonly long _tensorSize;

    public KeyValueSlab(DecoderConfig config, int rows, int capacity)
    {
        _config = config;
        Rows = rows;
        Capacity = capacity;
        _rowSize = (long)config.KeyValueHeads * capacity * config.HeadSize;
        _tensorSize = rows * _rowSize;
        _memory = (float*)NativeMemory.AllocZeroed((nuint)Bytes);
    }

    ~KeyValueSlab() => Free();

    public int Rows { get; }

    /// <summary>How many tokens fit into a row.</summary>
    public int Capacity { get; }

    public long Bytes => Tensors * _tensorSize * sizeof(float);

    public int Tensors => 2 * _config.Layers;

    public int Heads => _config.KeyValueHeads;

    /// <summary>The numbers of one head of one row, token by token.</summary>
    public Span<float> Head(int tensor, int row, int head) => new(
        _memory + (tensor * _tensorSize) + (row * _rowSize) + ((long)head * Capacity * _config.HeadSize), Capacity * _config.HeadSize);

    /// <summary>Some rows as a tensor of the runtime, which does not own the memory.</summary>
    public OrtValue View(int tensor, int row, int rows) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance,
        TensorElementType.Float,
        [rows, _config.KeyValueHeads, Capacity, _config.HeadSize],
        (nint)(_memory + (tensor * _tensorSize) + (row * _rowSize)),
        rows * _rowSize * sizeof(float));

    /// <summary>Copies the first tokens of a row of the same or another slab.</summary>
    public void CopyRow(KeyValueSlab from, int fromRow, int toRow, int length)
    {
        for (var tensor = 0; tensor < Tensors; tensor++)
        {
            for (var head = 0; head < Heads; head++)
            {
                from.Head(tensor, fromRow, head)[..(length * _config.HeadSize)].CopyTo(Head(tensor, toRow, head));
            }
        }
    }

    /// <summary>Exchanges the first tokens of two rows.</summary>
    public void SwapRows(int first, int second, int length, Span<float> scratch)
    {
        var count = length * _config.HeadSize;
        for (var tensor = 0; tensor < Tensors; tensor++)
        {
            for (var head = 0; head < Heads; head++)
            {
                var a = Head(tensor, first, head)[..count];
                var b = Head(tensor, second, head)[..count];
                a.CopyTo(scratch);
                b.CopyTo(a);
                scratch[..count].CopyTo(b);
            }
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
