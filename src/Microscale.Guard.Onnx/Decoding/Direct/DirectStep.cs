using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>Reads one token in each of some rows, without the runtime: its kernels for single tokens and the handling of some
/// hundred operators take longer than the weights take to be read from memory.</summary>
/// <remarks>
/// Five phases a layer, each shared by all threads: queries, keys and values; attention; its output; gate; inner layer. Weights are
/// read once for all rows. A row gets the same bits beside any others and with any number of threads. For one caller at a time;
/// the steady state allocates nothing.
/// </remarks>
internal sealed unsafe class DirectStep : PhasedWork, IDisposable
{
    private const int PhasesPerLayer = 5;
    private const int QueryKeyValuePhase = 0;
    private const int AttentionPhase = 1;
    private const int OutputPhase = 2;
    private const int GatePhase = 3;

    private readonly DirectWeights _weights;
    private readonly DirectGraph _graph;
    private readonly BlockKernel _multiply = BlockKernels.Best;
    private readonly int _threads;
    private readonly WorkerTeam _team;
    private DirectBuffers _buffers;
    [SuppressMessage("Usage", "CA2213", Justification = "The batch that lends it for a run owns it.")]
    private KeyValueSlab _slab = null!;
    private int[] _lengths = [];
    private int[] _firstParts = [0];
    private float* _logits;
    private int _rows;

    /// <param name="weights">The weights, which must outlive the step.</param>
    /// <param name="threads">The threads of a step.</param>
    /// <param name="spins">Whether threads that wait spin.</param>
    public DirectStep(DirectWeights weights, int threads, bool spins)
    {
        (_weights, _graph, _threads) = (weights, weights.Graph, threads);
        _buffers = new(_graph, 1, 1, threads);
        _team = new(this, threads, spins);
    }

    /// <inheritdoc />
    public override int Phases => (_graph.Layers.Count * PhasesPerLayer) + 1;

    /// <summary>Reads the tokens.</summary>
    /// <param name="tokens">One for each of the first rows.</param>
    /// <param name="slab">Keys and values of the rows, with room for one more token in each.</param>
    /// <param name="lengths">How many tokens each row has read.</param>
    /// <param name="logits">Receives the logits of the rows, one after the other.</param>
    public void Run(ReadOnlySpan<int> tokens, KeyValueSlab slab, ReadOnlySpan<int> lengths, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logits.Length, tokens.Length * _weights.Head.Rows);
        Reserve(tokens.Length, lengths, slab.Capacity);
        _slab = slab;
        _rows = tokens.Length;
        for (var row = 0; row < tokens.Length; row++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokens[row], (uint)_weights.Head.Rows, nameof(tokens));
            _weights.Head.ReadRow(tokens[row], _buffers.Hidden[row]);
        }

        fixed (float* start = logits)
        {
            _logits = start;
            // Half of the cores are what an encoder beside it leaves.
            _team.Run(EncoderRuns.AreUnderWay ? (_team.Size + 1) / 2 : _team.Size);
        }
    }

    /// <inheritdoc />
    /// <remarks>One part of a product for each thread: it takes a microsecond or two until a new one is read at full speed.</remarks>
    public override int Parts(int phase) => phase % PhasesPerLayer == AttentionPhase && phase < Phases - 1
        ? _firstParts[_rows]
        : Math.Min(GroupsOf(phase), _threads);

    /// <inheritdoc />
    public override void Prepare(int phase, int thread)
    {
        if (phase == Phases - 1)
        {
            Normalise(_weights.FinalNorm, thread);
            return;
        }

        var layer = _weights.Layers[phase / PhasesPerLayer];
        switch (phase % PhasesPerLayer)
        {
            case QueryKeyValuePhase:
                Normalise(layer.InputNorm, thread);
                break;
            case AttentionPhase:
                break;
            case OutputPhase:
                JoinHeads(thread);
                break;
            case GatePhase:
                Normalise(layer.InnerNorm, thread);
                break;
            default:
                for (var row = 0; row < _rows; row++)
                {
                    _buffers.Activations[thread].Quantize(row, _buffers.Gated[row]);
                }

                break;
        }
    }

    /// <inheritdoc />
    public override void Do(int phase, int part, int thread)
    {
        if (phase % PhasesPerLayer == AttentionPhase && phase < Phases - 1)
        {
            Attend(phase / PhasesPerLayer, part, thread);
            return;
        }

        var (groups, parts) = (GroupsOf(phase), Parts(phase));
        var first = groups * part / parts;
        var count = (groups * (part + 1) / parts) - first;
        var activations = _buffers.Activations[thread];
        if (phase == Phases - 1)
        {
            _multiply(_weights.Head, first, count, activations, _rows, _logits, _weights.Head.Rows);
            return;
        }

        var layer = _weights.Layers[phase / PhasesPerLayer];
        switch (phase % PhasesPerLayer)
        {
            case QueryKeyValuePhase:
                Multiply(layer.QueryKeyValue, first, count, activations, _buffers.QueryKeyValue);
                break;
            case GatePhase:
                Multiply(layer.GateUp, first, count, activations, _buffers.GateUp);
                Multiply(layer.GateUp, first + groups, count, activations, _buffers.GateUp);
                Gate(first, count);
                break;
            case var product:
                Multiply(product == OutputPhase ? layer.Output : layer.Down, first, count, activations, _buffers.Products);
                AddProducts(first, count);
                break;
        }
    }

    public void Dispose() => _team.Dispose();

    /// <summary>Groups of rows of a phase's matrix; of the gate only, not of what it multiplies.</summary>
    private int GroupsOf(int phase)
    {
        var layer = _weights.Layers[Math.Min(phase / PhasesPerLayer, _weights.Layers.Count - 1)];
        return phase == Phases - 1 ? _weights.Head.Groups : (phase % PhasesPerLayer) switch
        {
            QueryKeyValuePhase => layer.QueryKeyValue.Groups,
            OutputPhase => layer.Output.Groups,
            GatePhase => layer.GateUp.Groups / 2,
            _ => layer.Down.Groups,
        };
    }

    private void Multiply(PackedMatrix matrix, int first, int count, QuantizedRows activations, PinnedRows results) =>
        _multiply(matrix, first, count, activations, _rows, results.Start, results.Length);

    private void Normalise(float[] scales, int thread)
    {
        var normalised = _buffers.Scratch[thread][..scales.Length];
        for (var row = 0; row < _rows; row++)
        {
            var hidden = _buffers.Hidden[row];
            TensorPrimitives.Multiply(hidden, 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(hidden) / hidden.Length) + _graph.Epsilon), normalised);
            TensorPrimitives.Multiply(normalised, scales, normalised);
            _buffers.Activations[thread].Quantize(row, normalised);
        }
    }

    private void AddProducts(int firstGroup, int count)
    {
        var range = Columns(firstGroup, count);
        for (var row = 0; row < _rows; row++)
        {
            var hidden = _buffers.Hidden[row][range];
            TensorPrimitives.Add(hidden, _buffers.Products[row][range], hidden);
        }
    }

    private void Gate(int firstGroup, int count)
    {
        var range = Columns(firstGroup, count);
        for (var row = 0; row < _rows; row++)
        {
            var gate = _buffers.GateUp[row][range];
            var up = _buffers.GateUp[row][_buffers.Gated.Length..][range];
            var gated = _buffers.Gated[row][range];
            TensorPrimitives.Multiply(gate, _graph.GateSlope, gated);
            TensorPrimitives.Sigmoid<float>(gated, gated);
            TensorPrimitives.Multiply(gated, gate, gated);
            TensorPrimitives.Multiply(gated, up, gated);
        }
    }

    private static Range Columns(int firstGroup, int count) => (firstGroup * PackedMatrix.GroupRows)..((firstGroup + count) * PackedMatrix.GroupRows);

    /// <summary>A part is some tokens of the context of one row, for the query heads that share a head of keys and values.</summary>
    private void Attend(int layer, int part, int thread)
    {
        var row = 0;
        while (part >= _firstParts[row + 1])
        {
            row++;
        }

        var (size, position, shared) = (_graph.HeadSize, _lengths[row], _graph.Heads / _graph.KeyValueHeads);
        var (head, index) = int.DivRem(part - _firstParts[row], PartsOf(position));
        var start = index * DirectAttention.PartLength;
        var count = Math.Min(DirectAttention.PartLength, position + 1 - start);
        var input = _buffers.QueryKeyValue[row];
        var cosines = Turn(_weights.Cosines, position);
        var sines = Turn(_weights.Sines, position);
        var keys = _slab.Head(2 * layer, row, head);
        var values = _slab.Head((2 * layer) + 1, row, head);
        if (start + count == position + 1)
        {
            DirectAttention.Rotate(input.Slice((_graph.Heads + head) * size, size), cosines, sines, keys.Slice(position * size, size));
            input.Slice((_graph.Heads + _graph.KeyValueHeads + head) * size, size).CopyTo(values[(position * size)..]);
        }

        var query = _buffers.Scratch[thread][..size];
        fixed (float* firstKey = keys[(start * size)..], firstValue = values[(start * size)..])
        {
            for (var i = 0; i < shared; i++)
            {
                DirectAttention.Rotate(input.Slice(((head * shared) + i) * size, size), cosines, sines, query);
                TensorPrimitives.Multiply(query, _graph.AttentionScale, query);
                DirectAttention.Attend(query, firstKey, firstValue, count, _buffers.PartResults[(part * shared) + i]);
            }
        }
    }

    private void JoinHeads(int thread)
    {
        var (size, shared, stride) = (_graph.HeadSize, _graph.Heads / _graph.KeyValueHeads, _buffers.PartResults.Length);
        for (var row = 0; row < _rows; row++)
        {
            var joined = _buffers.Scratch[thread][..(_graph.Heads * size)];
            var parts = PartsOf(_lengths[row]);
            for (var head = 0; head < _graph.Heads; head++)
            {
                var first = ((_firstParts[row] + (head / shared * parts)) * shared) + (head % shared);
                DirectAttention.Join(_buffers.PartResults.Start + ((long)first * stride), shared * stride, parts, joined.Slice(head * size, size));
            }

            _buffers.Activations[thread].Quantize(row, joined);
        }
    }

    private ReadOnlySpan<float> Turn(float[] table, int position) => table.AsSpan(position * (_graph.HeadSize / 2), _graph.HeadSize / 2);

    /// <summary>Parts of the context of a row, the new token included.</summary>
    private static int PartsOf(int length) => (length / DirectAttention.PartLength) + 1;

    private void Reserve(int rows, ReadOnlySpan<int> lengths, int capacity)
    {
        if (_lengths.Length < rows)
        {
            (_lengths, _firstParts) = (new int[rows], new int[rows + 1]);
        }

        for (var row = 0; row < rows; row++)
        {
            _lengths[row] = lengths[row];
            _firstParts[row + 1] = _firstParts[row] + (_graph.KeyValueHeads * PartsOf(lengths[row]));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(_firstParts[rows], WorkerTeam.MostParts, nameof(lengths));

        if (_buffers.Rows < rows || _buffers.Parts < _firstParts[rows] * (_graph.Heads / _graph.KeyValueHeads))
        {
            // As many as the slab can need, so that it grows as seldom.
            _buffers = new(_graph, rows, rows * _graph.Heads * PartsOf(capacity), _threads);
        }
    }
}
