using System.Text;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>A grammar as a plain tree, with the simplest recogniser there is: tables of where each part can end, filled until
/// nothing changes. The oracle of the mask tests; it shares nothing with the engine.</summary>
internal abstract record PlainGrammar
{
    /// <summary>The bytes of a text.</summary>
    public sealed record Text(string Value) : PlainGrammar
    {
        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Value);

        public override string ToString() => $"'{Value}'";
    }

    public sealed record Sequence(PlainGrammar First, PlainGrammar Second) : PlainGrammar
    {
        public override string ToString() => $"({First} {Second})";
    }

    public sealed record Choice(PlainGrammar First, PlainGrammar Second) : PlainGrammar
    {
        public override string ToString() => $"({First} | {Second})";
    }

    public sealed record Repeat(PlainGrammar Item, int Min, int Max) : PlainGrammar
    {
        public override string ToString() => $"{Item}{{{Min},{(Max == int.MaxValue ? "" : Max)}}}";
    }

    /// <summary>The texts of a finite part without those of another.</summary>
    public sealed record Except(PlainGrammar Item, PlainGrammar Excluded) : PlainGrammar
    {
        public override string ToString() => $"({Item} - {Excluded})";
    }

    public sealed record Rule(int Number) : PlainGrammar
    {
        public override string ToString() => $"R{Number}";
    }

    /// <summary>Whether the part holds no rule, so that it may be written as one regular expression.</summary>
    public bool IsRegular => this switch
    {
        Sequence s => s.First.IsRegular && s.Second.IsRegular,
        Choice c => c.First.IsRegular && c.Second.IsRegular,
        Repeat r => r.Item.IsRegular,
        Rule => false,
        _ => true,
    };

    /// <summary>Whether the part has no unbounded repetition and no rule.</summary>
    public bool IsFinite => this switch
    {
        Sequence s => s.First.IsFinite && s.Second.IsFinite,
        Choice c => c.First.IsFinite && c.Second.IsFinite,
        Repeat r => r.Max != int.MaxValue && r.Item.IsFinite,
        Rule => false,
        _ => true,
    };

    /// <summary>The texts of a finite part.</summary>
    public HashSet<string> Texts() => this switch
    {
        Text t => [t.Value],
        Sequence s => [.. s.First.Texts().SelectMany(_ => s.Second.Texts(), (x, y) => x + y)],
        Choice c => [.. c.First.Texts(), .. c.Second.Texts()],
        Except e => [.. e.Item.Texts().Except(e.Excluded.Texts())],
        Repeat r => [.. Enumerable.Range(r.Min, r.Max - r.Min + 1).SelectMany(n => Enumerable.Repeat(r.Item.Texts(), n)
            .Aggregate(new HashSet<string> { "" }, (all, next) => [.. all.SelectMany(_ => next, (x, y) => x + y)]))],
        _ => throw new InvalidOperationException("The part is not finite."),
    };
}
