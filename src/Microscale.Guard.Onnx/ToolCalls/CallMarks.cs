using System.Collections.Frozen;
using System.Text;
using Microscale.Guard.Grammar;

namespace Microscale.Guard.Onnx;

/// <summary>The marks of a model's calls, as grammars see them. Those that are tokens of their own are spelled with a first byte that no
/// text has, so that they stand where a call begins or ends, and never within a text that says the same.</summary>
internal sealed class CallMarks
{
    private const byte NoText = 0xFF;

    private readonly FrozenDictionary<string, int> _tokens;

    private CallMarks(FrozenDictionary<string, int> tokens) => (_tokens, Tokens) = (tokens, tokens.Values.ToFrozenSet());

    /// <summary>The tokens that are marks.</summary>
    public FrozenSet<int> Tokens { get; }

    public static CallMarks Of(ToolCallFormat? format, ChatTokenizer tokenizer) => new((format?.Marks ?? [])
        .Select(mark => (mark, token: tokenizer.FindToken(mark)))
        .Where(m => m.token is not null)
        .ToFrozenDictionary(m => m.mark, m => m.token!.Value, StringComparer.Ordinal));

    /// <summary>Whether a mark is a token of its own.</summary>
    public bool IsToken(string mark) => _tokens.ContainsKey(mark);

    /// <summary>The bytes of a mark.</summary>
    public byte[] Spell(string mark) => IsToken(mark) ? [NoText, .. Encoding.UTF8.GetBytes(mark)] : Encoding.UTF8.GetBytes(mark);

    /// <summary>The vocabulary of the grammars. Byte tokens that are never part of a text could spell a mark, and are left out.</summary>
    public TokenVocabulary CreateVocabulary(ChatTokenizer tokenizer, IReadOnlyList<int> endTokens)
    {
        var names = _tokens.ToDictionary(m => m.Value, m => m.Key);
        var tokens = Enumerable.Range(0, tokenizer.Bytes.Count).ToList();
        return new TokenVocabulary(
            tokens.Select(t => names.TryGetValue(t, out var mark) ? Spell(mark) : tokenizer.Bytes[t] is var bytes && bytes.Span.Contains(NoText) ? default : bytes),
            endTokens,
            tokens.Where(t => tokenizer.Bytes.IsSpecial(t) && !names.ContainsKey(t)),
            tokenizer.Encode);
    }
}
