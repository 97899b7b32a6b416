using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Finds text that the grammar leaves no choice about, and its tokens.</summary>
internal static class ForcedText
{
    private const int MaxBytes = 256;

    /// <summary>The first byte that no text in UTF-8 has.</summary>
    private const byte FirstNoText = 0xF8;

    public static IReadOnlyList<int> Tokens(CompiledGrammar grammar, ParserState state, int? lastToken)
    {
        if (!grammar.Vocabulary.CanEncode)
        {
            return [];
        }

        var states = new List<ParserState> { state };
        var bytes = new List<byte>();
        while (bytes.Count < MaxBytes && !state.IsAccepting && grammar.OnlyByte(state) is { } only)
        {
            if (only >= FirstNoText)
            {
                return bytes.Count == 0 ? Mark(grammar, state) : Keep(Encode(grammar.Vocabulary, bytes.ToArray(), lastToken), grammar.Vocabulary, bytes.Count);
            }

            bytes.Add(only);
            state = grammar.Step(state, [only]);
            states.Add(state);
        }

        var text = bytes.ToArray().AsSpan(0, WholeCharacters(bytes));
        if (text.IsEmpty)
        {
            return [];
        }

        var tokens = Encode(grammar.Vocabulary, text, lastToken);
        return Keep(tokens, grammar.Vocabulary, FirstExtensible(grammar, text, states));
    }

    /// <summary>The token that is no text and must come next, if one spells what must come.</summary>
    private static IReadOnlyList<int> Mark(CompiledGrammar grammar, ParserState state)
    {
        var trie = grammar.Vocabulary.Trie;
        var (node, limit) = (0, trie.Count);
        while (!state.IsAccepting && grammar.OnlyByte(state) is { } only)
        {
            while (node < limit && trie.Bytes[node] != only)
            {
                node = trie.Ends[node];
            }

            if (node >= limit)
            {
                break;
            }

            if (trie.Tokens[node] != TokenTrie.None && trie.Ends[node] == node + 1)
            {
                return [trie.Tokens[node]];
            }

            (node, limit) = (node + 1, trie.Ends[node]);
            state = grammar.Step(state, [only]);
        }

        return [];
    }

    /// <summary>The tokens of the text as they follow the last token, if the tokenizer lets that one be.</summary>
    private static List<int> Encode(TokenVocabulary vocabulary, ReadOnlySpan<byte> text, int? lastToken)
    {
        if (lastToken is { } last && TryDecode(vocabulary[last].Span) is { } before)
        {
            var joined = vocabulary.Encode(before + Encoding.UTF8.GetString(text));
            if (joined.Count > 0 && joined[0] == last && Spells(vocabulary, joined.Skip(1), text))
            {
                return [.. joined.Skip(1)];
            }
        }

        var alone = vocabulary.Encode(Encoding.UTF8.GetString(text));
        return Spells(vocabulary, alone, text) ? [.. alone] : [];
    }

    /// <summary>The first position from which a token of the vocabulary could take in all the rest of the text and more.</summary>
    private static int FirstExtensible(CompiledGrammar grammar, ReadOnlySpan<byte> text, List<ParserState> states)
    {
        for (var from = Math.Max(0, text.Length - grammar.Vocabulary.Trie.Depth + 1); from < text.Length; from++)
        {
            if (CanExtend(grammar, text[from..], states[text.Length]))
            {
                return from;
            }
        }

        return text.Length;
    }

    private static bool CanExtend(CompiledGrammar grammar, ReadOnlySpan<byte> rest, ParserState end)
    {
        var trie = grammar.Vocabulary.Trie;
        var (node, limit) = (0, trie.Count);
        foreach (var value in rest)
        {
            while (node < limit && trie.Bytes[node] != value)
            {
                node = trie.Ends[node];
            }

            if (node >= limit)
            {
                return false;
            }

            (node, limit) = (node + 1, trie.Ends[node]);
        }

        // A longer token: every leaf below is one, so it is enough that a byte can follow and then a token ends.
        for (; node < limit; node = trie.Ends[node])
        {
            if (grammar.Step(end, [trie.Bytes[node]]) != grammar.Dead)
            {
                return true;
            }
        }

        return false;
    }

    private static List<int> Keep(List<int> tokens, TokenVocabulary vocabulary, int length)
    {
        var kept = new List<int>();
        foreach (var token in tokens)
        {
            length -= vocabulary[token].Length;
            if (length < 0)
            {
                break;
            }

            kept.Add(token);
        }

        return kept;
    }

    private static bool Spells(TokenVocabulary vocabulary, IEnumerable<int> tokens, ReadOnlySpan<byte> text)
    {
        foreach (var token in tokens)
        {
            if (vocabulary.IsSpecial(token) || !text.StartsWith(vocabulary[token].Span))
            {
                return false;
            }

            text = text[vocabulary[token].Length..];
        }

        return text.IsEmpty;
    }

    private static string? TryDecode(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private static int WholeCharacters(List<byte> bytes)
    {
        var length = bytes.Count;
        for (var back = 1; back <= Math.Min(3, bytes.Count); back++)
        {
            var b = bytes[^back];
            if (b < 0x80)
            {
                break;
            }

            if (b >= 0xC0)
            {
                var width = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return width > back ? bytes.Count - back : length;
            }
        }

        return length;
    }
}
