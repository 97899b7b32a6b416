using System.Text;
using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Random grammars and vocabularies over a small alphabet.</summary>
internal static class RandomGrammars
{
    private const int Rules = 3;

    /// <summary>Some rules, of which the first is the root. Recursive in all ways, ambiguous, with parts that are empty or
    /// impossible.</summary>
    public static Gen<PlainGrammar[]> Grammar { get; } = Part(3).Array[Rules];

    /// <summary>Tokens: all single bytes of the alphabet, some longer strings that also split characters and repeat, and three
    /// control tokens that look like text.</summary>
    public static Gen<TokenVocabulary> Vocabulary { get; } =
        Gen.OneOf("a", "b", "c", "é", "\u00C3", "\u0089").Array[1, 4].Select(p => p.SelectMany(s => s is "\u00C3" or "\u0089" ? [(byte)s[0]] : Encoding.UTF8.GetBytes(s)).ToArray())
            .Array[4, 30].Select(Create);

    /// <summary>The same grammar for the engine.</summary>
    public static GrammarDefinition ToDefinition(PlainGrammar[] rules) => new(builder =>
    {
        var declared = rules.Select((_, i) => builder.Declare($"R{i}")).ToArray();
        for (var i = 0; i < rules.Length; i++)
        {
            declared[i].Define(ToNode(builder, declared, rules[i]));
        }

        return declared[0];
    });

    private static TokenVocabulary Create(byte[][] tokens)
    {
        byte[][] all = [[], .. "abc"u8.ToArray().Select(b => new[] { b }), [0xC3], [0xA9], .. tokens, "ab"u8.ToArray(), "a"u8.ToArray(), "<end>"u8.ToArray()];
        return new TokenVocabulary(all.Select(t => new ReadOnlyMemory<byte>(t)), [all.Length - 1, all.Length - 2], [all.Length - 3]);
    }

    private static Gen<PlainGrammar> Part(int depth)
    {
        var text = Gen.OneOf("a", "b", "c", "é", "ab", "ba", "").Select(PlainGrammar (t) => new PlainGrammar.Text(t));
        if (depth == 0)
        {
            return Gen.Frequency((3, text), (2, Gen.Int[0, Rules - 1].Select(PlainGrammar (r) => new PlainGrammar.Rule(r))));
        }

        var part = Part(depth - 1);
        return Gen.Frequency(
            (1, text),
            (2, Gen.Int[0, Rules - 1].Select(PlainGrammar (r) => new PlainGrammar.Rule(r))),
            (3, Gen.Select(part, part, PlainGrammar (x, y) => new PlainGrammar.Sequence(x, y))),
            (3, Gen.Select(part, part, PlainGrammar (x, y) => new PlainGrammar.Choice(x, y))),
            (2, Gen.Select(part, Gen.OneOf((0, 1), (0, int.MaxValue), (1, int.MaxValue), (1, 3), (2, 2)), PlainGrammar (x, b) => new PlainGrammar.Repeat(x, b.Item1, b.Item2))),
            (1, Gen.Select(part, part, (x, y) => x.IsFinite && y.IsFinite ? (PlainGrammar)new PlainGrammar.Except(x, y) : new PlainGrammar.Choice(x, y))));
    }

    private static GrammarNode ToNode(GrammarBuilder builder, GrammarRule[] rules, PlainGrammar part)
    {
        // Half of the regular parts, by their shape, become one terminal.
        if (part is PlainGrammar.Text or PlainGrammar.Except || (part.IsRegular && part.ToString()!.Length % 2 == 0))
        {
            return builder.Terminal(ToRegex(builder.Regexes, part));
        }

        return part switch
        {
            PlainGrammar.Rule r => rules[r.Number],
            PlainGrammar.Sequence s => builder.Sequence(ToNode(builder, rules, s.First), ToNode(builder, rules, s.Second)),
            PlainGrammar.Choice c => builder.Choice(ToNode(builder, rules, c.First), ToNode(builder, rules, c.Second)),
            PlainGrammar.Repeat r => builder.Repeat(ToNode(builder, rules, r.Item), r.Min, r.Max),
            _ => throw new InvalidOperationException(),
        };
    }

    private static RegexNode ToRegex(RegexBuilder regexes, PlainGrammar part) => part switch
    {
        PlainGrammar.Text t => regexes.Literal(t.Value),
        PlainGrammar.Sequence s => regexes.Concat(ToRegex(regexes, s.First), ToRegex(regexes, s.Second)),
        PlainGrammar.Choice c => regexes.Or(ToRegex(regexes, c.First), ToRegex(regexes, c.Second)),
        PlainGrammar.Repeat r => regexes.Repeat(ToRegex(regexes, r.Item), r.Min, r.Max),
        PlainGrammar.Except e => regexes.Except(ToRegex(regexes, e.Item), ToRegex(regexes, e.Excluded)),
        _ => throw new InvalidOperationException(),
    };
}
