namespace Microscale.Guard.Onnx;

/// <summary>The scores of the pairs that were asked last.</summary>
/// <remarks>A repaired answer repeats most of its claims, and the passages stay. Safe for concurrent callers.</remarks>
/// <param name="capacity">The most pairs; the one that was asked longest ago makes room.</param>
internal sealed class PairCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EntailmentPair, LinkedListNode<(EntailmentPair Pair, EntailmentScores Scores)>> _nodes = [];
    private readonly LinkedList<(EntailmentPair Pair, EntailmentScores Scores)> _order = new();

    /// <summary>How many pairs are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>The scores of a pair; null when they are not kept.</summary>
    public EntailmentScores? Find(EntailmentPair pair)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(pair, out var node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Scores;
        }
    }

    /// <summary>Keeps the scores of a pair.</summary>
    public void Add(EntailmentPair pair, EntailmentScores scores)
    {
        lock (_lock)
        {
            if (_nodes.Remove(pair, out var old))
            {
                _order.Remove(old);
            }
            else if (_nodes.Count == capacity)
            {
                _nodes.Remove(_order.Last!.Value.Pair);
                _order.RemoveLast();
            }

            _nodes[pair] = _order.AddFirst((pair, scores));
        }
    }
}
