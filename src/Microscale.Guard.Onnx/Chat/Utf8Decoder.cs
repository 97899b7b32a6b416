using System.Buffers;
using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>Turns the bytes of tokens into text, whole characters only: the first bytes of a character wait for the rest.</summary>
internal sealed class Utf8Decoder
{
    private readonly byte[] _partial = new byte[4];
    private int _partialLength;

    /// <summary>Whether bytes of an unfinished character wait.</summary>
    public bool HasPartialCharacter => _partialLength > 0;

    /// <summary>Appends the characters that are complete with these bytes. Bytes that can be no character become U+FFFD.</summary>
    public void Append(ReadOnlySpan<byte> bytes, StringBuilder output)
    {
        while (_partialLength > 0 && !bytes.IsEmpty)
        {
            _partial[_partialLength++] = bytes[0];
            bytes = bytes[1..];
            var status = Rune.DecodeFromUtf8(_partial.AsSpan(0, _partialLength), out var rune, out var used);
            if (status == OperationStatus.NeedMoreData)
            {
                continue;
            }

            output.Append(rune.ToString());
            // What an invalid sequence leaves over is at most the byte that broke it.
            var rest = _partial.AsSpan(used, _partialLength - used).ToArray();
            _partialLength = 0;
            if (rest.Length > 0)
            {
                Append(rest, output);
            }
        }

        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == OperationStatus.NeedMoreData)
            {
                bytes.CopyTo(_partial);
                _partialLength = bytes.Length;
                return;
            }

            output.Append(units[..rune.EncodeToUtf16(units)]);
            bytes = bytes[used..];
        }
    }
}
