using System.Text;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Vocabularies for tests.</summary>
internal static class Vocabularies
{
    /// <summary>All single bytes, some frequent strings, and an end token (the last id).</summary>
    public static TokenVocabulary Bytes { get; } = Create();

    /// <summary>Single bytes and an end token, with a tokenizer that gives them one by one.</summary>
    public static TokenVocabulary SingleBytes { get; } = new(
        [.. Enumerable.Range(0, 256).Select(b => (ReadOnlyMemory<byte>)new[] { (byte)b }), ReadOnlyMemory<byte>.Empty], [256],
        encode: text => [.. Encoding.UTF8.GetBytes(text).Select(b => (int)b)]);

    public static string Allowed(GrammarMatcher matcher)
    {
        var vocabulary = matcher.Grammar.Vocabulary;
        var allowed = new List<string>();
        for (var token = 0; token < vocabulary.Count; token++)
        {
            if ((matcher.AllowedTokens()[token >> 5] >> token & 1) != 0 && (vocabulary.IsEnd(token) || vocabulary[token].Length == 1))
            {
                allowed.Add(vocabulary.IsEnd(token) ? "<end>" : Encoding.UTF8.GetString(vocabulary[token].Span));
            }
        }

        return string.Concat(allowed.Order(StringComparer.Ordinal));
    }

    /// <summary>Whether a text, byte by byte, is a text of the grammar.</summary>
    public static bool Accepts(CompiledGrammar grammar, string text)
    {
        var matcher = grammar.CreateMatcher();
        return Encoding.UTF8.GetBytes(text).All(b => matcher.TryAccept(b)) && matcher.IsAccepting;
    }

    public static CompiledGrammar Compile(GrammarDefinition definition, GrammarLimits? limits = null) =>
        CompiledGrammar.Compile(definition, Bytes, limits);

    private static TokenVocabulary Create()
    {
        string[] words = ["{\"", "\": ", "\": \"", "\",", "\"}", "answer", "unknown", "ans", "un", "the ", "true", "false", "null", " \"", "ab", "abc", "aa", "aaaa", "12", "\"a", "a\"", "name"];
        var tokens = Enumerable.Range(0, 256).Select(b => new byte[] { (byte)b }).Concat(words.Select(Encoding.UTF8.GetBytes)).Append("<end>"u8.ToArray()).ToList();
        return new TokenVocabulary(tokens.Select(t => new ReadOnlyMemory<byte>(t)), [tokens.Count - 1], encode: text => Greedy(tokens, text));
    }

    /// <summary>The longest token first, as a stand-in for a tokenizer.</summary>
    private static List<int> Greedy(List<byte[]> tokens, string text)
    {
        var ids = new List<int>();
        for (var rest = Encoding.UTF8.GetBytes(text).AsSpan(); !rest.IsEmpty; rest = rest[tokens[ids[^1]].Length..])
        {
            var best = -1;
            for (var id = 0; id < tokens.Count - 1; id++)
            {
                if (rest.StartsWith(tokens[id]) && (best < 0 || tokens[id].Length > tokens[best].Length))
                {
                    best = id;
                }
            }

            ids.Add(best);
        }

        return ids;
    }
}
