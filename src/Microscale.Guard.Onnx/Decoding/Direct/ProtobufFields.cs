using System.Buffers.Binary;

namespace Microscale.Guard.Onnx;

/// <summary>A field of a message: a number, or bytes.</summary>
internal readonly record struct ProtobufField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>One of the numbers of a repeated field, or several in bytes.</summary>
    public IEnumerable<long> Numbers()
    {
        if (Bytes.IsEmpty)
        {
            return [(long)Value];
        }

        var numbers = new List<long>();
        for (var rest = Bytes; !rest.IsEmpty;)
        {
            numbers.Add((long)ProtobufFields.ReadNumber(ref rest));
        }

        return numbers;
    }
}

/// <summary>The fields of a message in the format of Protocol Buffers, one after the other.</summary>
internal struct ProtobufFields(ReadOnlyMemory<byte> message)
{
    private ReadOnlyMemory<byte> _rest = message;

    public ProtobufField Current { get; private set; }

    public readonly ProtobufFields GetEnumerator() => this;

    /// <exception cref="FormatException">The message is damaged.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadNumber(ref _rest);
        var number = (int)(tag >> 3);
        Current = (tag & 7) switch
        {
            0 => new(number, ReadNumber(ref _rest), default),
            1 => new(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)).Span), default),
            2 => new(number, 0, Take(ReadNumber(ref _rest))),
            5 => new(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span), default),
            var kind => throw new FormatException(FormattableString.Invariant($"a field of the unknown kind {kind}")),
        };
        return true;
    }

    /// <summary>Reads a number of seven bits a byte.</summary>
    internal static ulong ReadNumber(ref ReadOnlyMemory<byte> rest)
    {
        var value = 0ul;
        var span = rest.Span;
        for (var i = 0; i < span.Length && i < 10; i++)
        {
            value |= (ulong)(span[i] & 0x7F) << (7 * i);
            if (span[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("a number without an end");
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new FormatException("a field that is longer than its message");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
