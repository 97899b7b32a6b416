using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>The UTF-8 bytes of every token, in one block of memory. Immutable.</summary>
internal sealed class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly bool[] _special;

    public TokenBytes(TokenizerFile file)
    {
        var count = Math.Max(file.Vocabulary.Values.Max(), file.SpecialTokens.Values.DefaultIfEmpty().Max()) + 1;
        var entries = new byte[]?[count];
        _special = new bool[count];
        foreach (var (entry, id) in file.Vocabulary)
        {
            // An entry outside of the alphabet can only be a control token.
            entries[id] = ByteLevelAlphabet.ToBytes(entry) ?? Encoding.UTF8.GetBytes(entry);
        }

        foreach (var (name, id) in file.SpecialTokens)
        {
            entries[id] = Encoding.UTF8.GetBytes(name);
            _special[id] = true;
        }

        _starts = new int[count + 1];
        _bytes = new byte[entries.Sum(e => e?.Length ?? 0)];
        for (var id = 0; id < count; id++)
        {
            entries[id]?.CopyTo(_bytes, _starts[id]);
            _starts[id + 1] = _starts[id] + (entries[id]?.Length ?? 0);
        }
    }

    /// <summary>How many ids there are.</summary>
    public int Count => _special.Length;

    /// <summary>The bytes of a token: part of a character or more; for a control token, its name.</summary>
    public ReadOnlyMemory<byte> this[int token] => _bytes.AsMemory(_starts[token].._starts[token + 1]);

    /// <summary>Whether a token is a control token, which is never part of a text.</summary>
    public bool IsSpecial(int token) => _special[token];
}
