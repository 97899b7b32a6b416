namespace Microscale.Guard.Grammar;

/// <summary>Writes null, Booleans, numbers and strings as one regular expression.</summary>
internal sealed class ScalarEmitter(RegexBuilder regexes, NumberTexts numbers, JsonTokens tokens)
{
    public RegexNode Emit(Shape shape)
    {
        var parts = new List<RegexNode>();
        if (shape.Null) parts.Add(regexes.Literal("null"));
        if (shape.True) parts.Add(regexes.Literal("true"));
        if (shape.False) parts.Add(regexes.Literal("false"));
        parts.Add(Numbers(shape.Numbers));
        parts.Add(tokens.Strings(shape.Strings));
        return regexes.Or([.. parts]);
    }

    /// <summary>
    /// The values one by one as JSON, or null where they are not known to be few.
    /// </summary>
    public static IReadOnlyList<string>? List(Shape shape)
    {
        if (shape.Arrays.Count > 0 || shape.Objects.Count > 0 || shape.Numbers.Values is null || shape.Strings.Values is null) return null;
        var values = new List<string>();
        if (shape.Null) values.Add("null");
        if (shape.True) values.Add("true");
        if (shape.False) values.Add("false");
        values.AddRange(shape.Numbers.Values);
        values.AddRange(shape.Strings.Values.Select(JsonTokens.Quote));
        return values;
    }

    private RegexNode Numbers(TextSet set)
    {
        if (set.Values is { } values) return regexes.Literals(values);
        if (set.IsEverything) return numbers.WithExponent;
        // A whole number is not written with a point where no other can be meant.
        return regexes.IsSubset(set.Regex!, numbers.Integers) ? regexes.And(set.Regex!, numbers.WithoutPoint) : set.Regex!;
    }
}
