using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Microscale.Guard.Onnx;

/// <summary>The weights of a layer as <see cref="DirectStep"/> reads them.</summary>
internal sealed record DirectLayerWeights(
    float[] InputNorm, PackedMatrix QueryKeyValue, PackedMatrix Output, float[] InnerNorm, PackedMatrix GateUp, PackedMatrix Down);

/// <summary>The weights of a decoder in the order in which the kernels read them, in memory of their own.</summary>
/// <remarks>Immutable, so safe for concurrent callers until it is disposed.</remarks>
internal sealed unsafe class DirectWeights : IDisposable
{
    private const int Alignment = 64;

    private readonly string _folder;
    private byte* _memory;
    private long _used;

    private DirectWeights(DirectGraph graph, string folder)
    {
        (Graph, _folder) = (graph, folder);
        var matrices = graph.Layers.SelectMany(l => (BlockMatrix[])[l.QueryKeyValue, l.Output, l.GateUp, l.Down]).Append(graph.Head);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)matrices.Sum(m => PackedMatrix.SizeOf(m.Rows, m.Columns)), Alignment);
        List<Action> packing = [];
        Layers = [.. graph.Layers.Select(l => new DirectLayerWeights(
            Floats(l.InputNorm), Matrix(l.QueryKeyValue), Matrix(l.Output), Floats(l.InnerNorm), Matrix(l.GateUp), Matrix(l.Down)))];
        Head = Matrix(graph.Head);
        FinalNorm = Floats(graph.FinalNorm);
        (Cosines, Sines) = (Floats(graph.Cosines), Floats(graph.Sines));
        Parallel.ForEach(packing, pack => pack());

        PackedMatrix Matrix(BlockMatrix matrix)
        {
            var packed = new PackedMatrix(_memory + _used, matrix.Rows, matrix.Columns);
            _used += PackedMatrix.SizeOf(matrix.Rows, matrix.Columns);
            packing.Add(() => Pack(matrix, packed));
            return packed;
        }
    }

    ~DirectWeights() => Free();

    /// <summary>The shapes.</summary>
    public DirectGraph Graph { get; }

    public IReadOnlyList<DirectLayerWeights> Layers { get; }

    public float[] FinalNorm { get; }

    /// <summary>The output head and the embedding.</summary>
    public PackedMatrix Head { get; }

    /// <summary>[positions, half a head].</summary>
    public float[] Cosines { get; }

    public float[] Sines { get; }

    /// <summary>Reads the weights of a graph.</summary>
    /// <exception cref="FormatException">The graph has something that is not known.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static DirectWeights Load(string file, DecoderLayout layout, DecoderConfig config)
    {
        var graph = OnnxGraphFile.Read(file);
        return new DirectWeights(DirectGraph.Read(graph, layout, config), graph.Folder);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    private void Pack(BlockMatrix matrix, PackedMatrix packed)
    {
        using var weights = new TensorBytes(_folder, matrix.Weights, sizeof(byte));
        using var scales = new TensorBytes(_folder, matrix.Scales, sizeof(float));
        using var zeros = matrix.Zeros is null ? null : new TensorBytes(_folder, matrix.Zeros, sizeof(byte));
        packed.Pack(weights.Span, MemoryMarshal.Cast<byte, float>(scales.Span), zeros is null ? [] : zeros.Span);
    }

    private float[] Floats(OnnxTensor tensor)
    {
        using var bytes = new TensorBytes(_folder, tensor, sizeof(float));
        return MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray();
    }

    /// <summary>The bytes of a constant, mapped where they are in another file.</summary>
    private sealed class TensorBytes : IDisposable
    {
        private readonly int _length;
        private readonly MemoryMappedFile? _file;
        private readonly MemoryMappedViewAccessor? _view;
        private readonly ReadOnlyMemory<byte> _bytes;
        private readonly byte* _mapped;

        public TensorBytes(string folder, OnnxTensor tensor, int size)
        {
            _length = checked((int)(tensor.Count * size));
            _bytes = tensor.Bytes;
            if (tensor.Location is not null)
            {
                _file = MemoryMappedFile.CreateFromFile(Path.Combine(folder, tensor.Location), FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
                _view = _file.CreateViewAccessor(tensor.Offset, _length, MemoryMappedFileAccess.Read);
                _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _mapped);
                _mapped += _view.PointerOffset;
            }
            else if (_bytes.Length != _length)
            {
                throw new FormatException($"'{tensor.Name}' has another length than its shape");
            }
        }

        public ReadOnlySpan<byte> Span => _mapped is null ? _bytes.Span : new(_mapped, _length);

        public void Dispose()
        {
            if (_mapped is not null)
            {
                _view!.SafeMemoryMappedViewHandle.ReleasePointer();
            }

            _view?.Dispose();
            _file?.Dispose();
        }
    }
}
