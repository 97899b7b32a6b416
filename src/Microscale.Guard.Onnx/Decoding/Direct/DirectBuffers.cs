using System.Runtime.CompilerServices;

namespace Microscale.Guard.Onnx;

/// <summary>Numbers that stay where they are, in rows.</summary>
internal sealed unsafe class PinnedRows
{
    private readonly float[] _numbers;

    public PinnedRows(int rows, int length)
    {
        Length = length;
        _numbers = GC.AllocateArray<float>(rows * length, pinned: true);
        Start = (float*)Unsafe.AsPointer(ref _numbers[0]);
    }

    /// <summary>Numbers of a row.</summary>
    public int Length { get; }

    public float* Start { get; }

    public Span<float> this[int row] => _numbers.AsSpan(row * Length, Length);
}

/// <summary>What the threads of a step share, for a number of rows.</summary>
internal sealed class DirectBuffers
{
    /// <param name="graph">The shapes.</param>
    /// <param name="rows">The most rows.</param>
    /// <param name="parts">The most parts of attention, of all rows and heads.</param>
    /// <param name="threads">The threads of a step.</param>
    public DirectBuffers(DirectGraph graph, int rows, int parts, int threads)
    {
        rows = (rows + BlockKernels.TileRows - 1) / BlockKernels.TileRows * BlockKernels.TileRows;
        var (layer, hidden) = (graph.Layers[0], graph.Head.Columns);
        (Rows, Parts) = (rows, parts);
        Hidden = new(rows, hidden);
        QueryKeyValue = new(rows, layer.QueryKeyValue.Rows);
        Products = new(rows, hidden);
        GateUp = new(rows, layer.GateUp.Rows);
        Gated = new(rows, layer.Down.Columns);
        PartResults = new(parts, graph.HeadSize + DirectAttention.PartExtras);
        Activations = [.. Enumerable.Range(0, threads).Select(_ => new QuantizedRows(rows, Math.Max(layer.Down.Columns, Math.Max(hidden, layer.Output.Columns))))];
        Scratch = new(threads, Math.Max(hidden, layer.Output.Columns));
    }

    public int Rows { get; }

    public int Parts { get; }

    /// <summary>The residual path.</summary>
    public PinnedRows Hidden { get; }

    public PinnedRows QueryKeyValue { get; }

    /// <summary>What is added to the residual path.</summary>
    public PinnedRows Products { get; }

    public PinnedRows GateUp { get; }

    public PinnedRows Gated { get; }

    public PinnedRows PartResults { get; }

    /// <summary>The input of a product, which each thread makes for itself: that takes less time than to wait for another.</summary>
    public QuantizedRows[] Activations { get; }

    /// <summary>A row of each thread.</summary>
    public PinnedRows Scratch { get; }
}
