using System.Text;
using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

public class RegexBuilderTests
{
    private readonly RegexBuilder _builder = new GrammarBuilder().Regexes;

    [Fact]
    public void Algebra_RandomExpressions_IsThatOfSets() =>
        Gen.Select(RandomPatterns.Plain, RandomPatterns.Plain, RandomPatterns.Text.Array[12]).Sample(
            (x, y, texts) =>
            {
                var builder = new GrammarBuilder().Regexes;
                var (a, b) = (builder.Parse(x, RegexMatch.Whole), builder.Parse(y, RegexMatch.Whole));
                var (and, or, except) = (builder.And(a, b), builder.Or(a, b), builder.Except(a, b));
                foreach (var text in texts)
                {
                    var (inA, inB) = (Matches(builder, a, text), Matches(builder, b, text));
                    Assert.Equal(inA && inB, Matches(builder, and, text));
                    Assert.Equal(inA || inB, Matches(builder, or, text));
                    Assert.Equal(inA && !inB, Matches(builder, except, text));
                    Assert.False((inA && inB) && builder.IsEmpty(and));
                    Assert.False((inA && !inB) && builder.IsSubset(a, b));
                }

                Assert.True(builder.IsSubset(and, a) && builder.IsSubset(a, or));
                Assert.Equal(builder.IsEmpty(except), builder.IsSubset(or, b));
            },
            iter: 700);

    [Theory]
    [InlineData(7, 0, "0.", "14", "7.0", "8")]
    [InlineData(25, 2, "0.25", "1.50", "3", "0.3")]
    [InlineData(1, 1, "0.1", "7.300", "7", "0.01")]
    public void MultipleOf_Number_IsExact(long coefficient, int exponent, string yes1, string yes2, string yes3, string no)
    {
        var node = _builder.MultipleOf(coefficient, exponent);
        Assert.All([yes1, yes2, yes3], text => Assert.True(Matches(_builder, node, text)));
        Assert.False(Matches(_builder, node, no));
    }

    [Fact]
    public void MultipleOf_Digits_AreLiveExactlyWhenAMultipleCanFollow() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 3], Gen.Int[0, 3999], Gen.Int[0, 999], Gen.Int[0, 3]).Sample((coefficient, exponent, whole, fraction, places) =>
        {
            var builder = new GrammarBuilder().Regexes;
            var text = $"{whole}." + fraction.ToString("000", System.Globalization.CultureInfo.InvariantCulture)[..places];
            var node = Encoding.UTF8.GetBytes(text).Aggregate(builder.MultipleOf(coefficient, exponent), builder.Derive);

            // Brute force: all numbers with up to three more places.
            var expected = Enumerable.Range(0, 1000).Select(i => text + i.ToString("000", System.Globalization.CultureInfo.InvariantCulture)).Append(text)
                .Any(t => decimal.Parse(t, System.Globalization.CultureInfo.InvariantCulture) * Power(exponent) % coefficient == 0);
            Assert.Equal(expected, !builder.IsEmpty(node));
        });

    [Fact]
    public void JsonEscaped_Text_IsWhatAParserReadsBack() =>
        Gen.Select(RandomPatterns.Plain, Gen.OneOf("a", "b", "\\n", "\\u000a", "\\/", "/", "é", "\\\"", "\\\\", "\\u001F").Array[0, 4].Select(string.Concat)).Sample(
            (pattern, body) =>
            {
                var builder = new GrammarBuilder().Regexes;
                var node = builder.Parse(pattern, RegexMatch.Whole);
                var decoded = System.Text.Json.JsonSerializer.Deserialize<string>($"\"{body}\"")!;
                Assert.Equal(Matches(builder, node, decoded), Matches(builder, builder.JsonEscaped(node), body));
            },
            iter: 700);

    [Fact]
    public void Literals_Texts_AreExactlyThose() =>
        Gen.Select(RandomPatterns.Text.Array[0, 8], RandomPatterns.Text.Array[8]).Sample((texts, others) =>
        {
            var builder = new GrammarBuilder().Regexes;
            var node = builder.Literals(texts);
            Assert.All(texts.Concat(others), t => Assert.Equal(texts.Contains(t), Matches(builder, node, t)));
        });

    [Fact]
    public void IsSubset_ExplosivePattern_EndsWithALimit()
    {
        var builder = new GrammarBuilder(new GrammarLimits { MaxCompileFuel = 100_000 }).Regexes;
        var node = builder.Parse("[ab]*a[ab]{40}", RegexMatch.Whole);
        Assert.Throws<GrammarLimitException>(() => builder.IsSubset(node, builder.Parse("[ab]*a[ab]{39}b", RegexMatch.Whole)) || builder.IsSubset(builder.Parse("[ab]*", RegexMatch.Whole), builder.Or(node, builder.Not(node), builder.Empty)) || builder.IsEmpty(builder.And(node, builder.Not(builder.Parse("[ab]{41,}", RegexMatch.Whole)))));
    }

    private static decimal Power(int exponent) => Enumerable.Repeat(10m, exponent).Aggregate(1m, (x, y) => x * y);

    private static bool Matches(RegexBuilder builder, RegexNode node, string text) =>
        Encoding.UTF8.GetBytes(text).Aggregate(node, builder.Derive).Nullable;
}
