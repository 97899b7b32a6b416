namespace Microscale.Guard.Grammar;

/// <summary>A list of regex nodes as a key.</summary>
internal readonly struct NodeList : IEquatable<NodeList>
{
    private readonly RegexNode[] _nodes;
    private readonly int _hash;

    public NodeList(RegexNode[] nodes)
    {
        _nodes = nodes;
        var hash = nodes.Length;
        foreach (var node in nodes)
        {
            hash = unchecked((hash * 31) + node.Id);
        }

        _hash = hash;
    }

    public bool Equals(NodeList other) => _hash == other._hash && _nodes.AsSpan().SequenceEqual(other._nodes);

    public override bool Equals(object? obj) => obj is NodeList other && Equals(other);

    public override int GetHashCode() => _hash;
}
