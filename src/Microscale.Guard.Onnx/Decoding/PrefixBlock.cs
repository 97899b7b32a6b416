namespace Microscale.Guard.Onnx;

/// <summary>Some tokens that were read after those of the blocks above, with their keys and values.</summary>
internal sealed class PrefixBlock
{
    public PrefixBlock(PrefixBlock? parent, float[] keyValues)
    {
        Parent = parent;
        KeyValues = keyValues;
        Node = new LinkedListNode<PrefixBlock>(this);
    }

    /// <summary>The block before it; null for the root, which holds no tokens.</summary>
    public PrefixBlock? Parent { get; }

    /// <summary>Blocks that follow; none while this one is not full.</summary>
    public List<PrefixBlock> Children { get; } = [];

    public List<int> Tokens { get; } = new(PrefixCache.BlockLength);

    public float[] KeyValues { get; }

    /// <summary>Its place in the order of use.</summary>
    public LinkedListNode<PrefixBlock> Node { get; }

    /// <summary>When it was used last.</summary>
    public long LastUse { get; set; }

    /// <summary>The block below that agrees with the most of some tokens; null when none does with the first.</summary>
    public PrefixBlock? FindBest(ReadOnlySpan<int> tokens, out int common)
    {
        PrefixBlock? best = null;
        common = 0;
        foreach (var child in Children)
        {
            var same = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(child.Tokens).CommonPrefixLength(tokens);
            if (same > common)
            {
                (best, common) = (child, same);
            }
        }

        return best;
    }
}
