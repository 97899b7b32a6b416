namespace Microscale.Guard.Onnx;

/// <summary>Keeps keys and values of what was read before, so that a prompt that begins in the same way need not be read again.</summary>
/// <remarks>
/// A tree of blocks of tokens: a block stands for its tokens after those of the blocks above it, so conversations that begin in the
/// same way share the blocks of their beginning. What agrees is found token by token. Blocks that were not used for the longest
/// time go first when the budget is spent; a block is used whenever one below it is, so beginnings outlive what follows them.
/// Used by the engine's thread only; the figures may be read from others.
/// </remarks>
internal sealed class PrefixCache
{
    /// <summary>Tokens of a block: what a conversation has beyond whole blocks takes a whole one nevertheless.</summary>
    public const int BlockLength = 32;

    private readonly long _budget;
    private readonly PrefixBlock _root = new(null, []);
    private readonly LinkedList<PrefixBlock> _byUse = new();
    private readonly Stack<float[]> _free = new();
    private long _blocks;
    private long _blockBytes;
    private long _operation;
    private long _evictions;

    /// <param name="budget">The most bytes of keys and values; 0 to keep nothing.</param>
    public PrefixCache(long budget) => _budget = budget;

    /// <summary>Bytes of keys and values that are kept.</summary>
    public long Bytes => Volatile.Read(ref _blocks) * Volatile.Read(ref _blockBytes);

    /// <summary>Blocks that were dropped for newer ones.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Gives an empty row the longest beginning of some tokens that is known.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="batch">The batch with the row.</param>
    /// <param name="row">The row.</param>
    /// <returns>How many tokens the row then has read.</returns>
    public int Restore(ReadOnlySpan<int> tokens, SequenceBatch batch, int row)
    {
        var block = _root;
        var restored = 0;
        while (restored < tokens.Length && block.FindBest(tokens[restored..], out var common) is { } next)
        {
            batch.Import(row, next.KeyValues, common);
            restored += common;
            block = next;
            if (common < BlockLength)
            {
                break;
            }
        }

        Touch(block);
        return restored;
    }

    /// <summary>Keeps what a row has read.</summary>
    /// <param name="tokens">The tokens that it has read.</param>
    /// <param name="batch">The batch with the row.</param>
    /// <param name="row">The row.</param>
    public void Store(ReadOnlySpan<int> tokens, SequenceBatch batch, int row)
    {
        var size = BlockLength * batch.KeyValuesPerToken;
        Volatile.Write(ref _blockBytes, (long)size * sizeof(float));
        var block = _root;
        for (var start = 0; start < tokens.Length; start += BlockLength)
        {
            var wanted = tokens.Slice(start, Math.Min(BlockLength, tokens.Length - start));
            var next = block.FindBest(wanted, out var common);
            if (next is null || common < Math.Min(next.Tokens.Count, wanted.Length))
            {
                // Nothing like it, or it parts from what is known within the block.
                if ((next = Add(block, size)) is null)
                {
                    break;
                }

                common = 0;
            }

            if (common == next.Tokens.Count && common < wanted.Length)
            {
                batch.Export(row, start + common, wanted.Length - common, next.KeyValues, common);
                next.Tokens.AddRange(wanted[common..]);
            }

            block = next;
            Touch(block);
        }
    }

    /// <summary>A new block below another, or null when the budget allows none.</summary>
    private PrefixBlock? Add(PrefixBlock parent, int size)
    {
        // Never at the cost of the blocks above it.
        Touch(parent);
        while ((_blocks + 1) * _blockBytes > _budget)
        {
            if (_byUse.Last?.Value is not { } oldest || oldest.LastUse == _operation)
            {
                return null;
            }

            Remove(oldest);
        }

        var block = new PrefixBlock(parent, _free.TryPop(out var memory) ? memory : GC.AllocateUninitializedArray<float>(size));
        parent.Children.Add(block);
        _byUse.AddFirst(block.Node);
        Volatile.Write(ref _blocks, _blocks + 1);
        return block;
    }

    /// <summary>The oldest block has none below it: these would be older still.</summary>
    private void Remove(PrefixBlock block)
    {
        block.Parent!.Children.Remove(block);
        _byUse.Remove(block.Node);
        _free.Push(block.KeyValues);
        Volatile.Write(ref _blocks, _blocks - 1);
        Volatile.Write(ref _evictions, _evictions + 1);
    }

    /// <summary>Marks a block and those above it as used, the topmost last.</summary>
    private void Touch(PrefixBlock block)
    {
        _operation++;
        for (var at = block; at.Parent is not null; at = at.Parent)
        {
            at.LastUse = _operation;
            _byUse.Remove(at.Node);
            _byUse.AddFirst(at.Node);
        }
    }
}
