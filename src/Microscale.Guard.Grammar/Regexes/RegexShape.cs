using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Microscale.Guard.Grammar;

/// <summary>What an expression looks like, whichever builder made it: equal shapes are equal languages.</summary>
internal readonly record struct RegexShape(Int128 Low, Int128 High)
{
    /// <summary>Larger expressions hardly recur, and take longer to look at than they save.</summary>
    private const int MaxNodes = 400;

    /// <summary>The shape of an expression; null when it is too large.</summary>
    public static RegexShape? Of(RegexNode node)
    {
        var writer = new Writer();
        return writer.TryWrite(node) ? writer.ToShape() : null;
    }

    /// <summary>Writes nodes after what they consist of, each once, and hashes what it wrote.</summary>
    private sealed class Writer
    {
        private readonly Dictionary<RegexNode, int> _written = [];
        private readonly List<long> _words = [];

        public bool TryWrite(RegexNode node)
        {
            if (_written.ContainsKey(node))
            {
                return true;
            }

            RecursionGuard.Check();
            if (_written.Count == MaxNodes
                || (node.Left is { } left && !TryWrite(left)) || (node.Right is { } right && !TryWrite(right)) || !Array.TrueForAll(node.Children, TryWrite))
            {
                return false;
            }

            _words.AddRange([(long)node.Kind, node.Min, node.Max, Number(node.Left), Number(node.Right), node.Children.Length]);
            _words.AddRange(node.Children.Select(child => Number(child)));
            if (node.Kind == RegexKind.Bytes)
            {
                _words.AddRange([(long)node.Set.A, (long)node.Set.B, (long)node.Set.C, (long)node.Set.D]);
            }
            else if (node.Kind == RegexKind.MultipleOf)
            {
                _words.AddRange([node.Multiple.Coefficient, node.Multiple.Exponent, node.Multiple.Remainder, node.Multiple.Places]);
            }

            _written[node] = _written.Count;
            return true;
        }

        public RegexShape ToShape()
        {
            var bytes = new byte[_words.Count * sizeof(long)];
            for (var i = 0; i < _words.Count; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), _words[i]);
            }

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, hash);
            return new RegexShape(BinaryPrimitives.ReadInt128LittleEndian(hash), BinaryPrimitives.ReadInt128LittleEndian(hash[16..]));
        }

        private long Number(RegexNode? node) => node is null ? -1 : _written[node];
    }
}
