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
        var count = Math.Max(file.Vocabulary.Values.DefaultIfEmpty().Max(), file.AddedTokens.Select(t => t.Id).DefaultIfEmpty().Max()) + 1;
        var entries = new byte[]?[count];
        foreach (var (entry, id) in file.Vocabulary)
        {
            entries[id] = file.ToBytes(entry);
        }

        foreach (var token in file.AddedTokens)
        {
            entries[token.Id] = Encoding.UTF8.GetBytes(token.Content);
        }

        // An id without an entry was never trained; like a control token it is no text.
        _special = [.. entries.Select(e => e is null)];
        file.AddedTokens.ForEach(t => _special[t.Id] |= t.IsSpecial);
        _starts = new int[count + 1];
        _bytes = new byte[entries.Sum(e => e?.Length ?? 0)];
        for (var id = 0; id < count; id++)
        {
            entries[id]?.CopyTo(_bytes, _starts[id]);
            _starts[id + 1] = _starts[id] + (entries[id]?.Length ?? 0);
        }
    }

    /// <summary>How many ids the tokenizer has. A model may have more, to fill up its matrices.</summary>
    public int Count => _special.Length;

    /// <summary>The bytes of a token: part of a character or more; for a control token, its name.</summary>
    public ReadOnlyMemory<byte> this[int token] => token < Count ? _bytes.AsMemory(_starts[token].._starts[token + 1]) : default;

    /// <summary>Whether a token is a control token, which is never part of a text.</summary>
    public bool IsSpecial(int token) => token >= Count || _special[token];
}
