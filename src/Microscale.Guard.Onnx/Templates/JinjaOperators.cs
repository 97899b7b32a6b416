namespace Microscale.Guard.Onnx;

/// <summary>The operators of template expressions, which follow Python.</summary>
internal static class JinjaOperators
{
    private const int MaxRepeated = 1 << 20;

    /// <exception cref="JinjaException">The operator does not fit the two values.</exception>
    public static object? Arithmetic(string symbol, object? left, object? right) => (symbol, left, right) switch
    {
        ("~", _, _) => JinjaValues.Print(left) + JinjaValues.Print(right),
        ("+", TemplateText a, TemplateText b) => a + b,
        ("+", List<object?> a, List<object?> b) => (List<object?>)[.. a, .. b],
        ("*", TemplateText a, long n) => Repeat(a, n),
        ("*", long n, TemplateText a) => Repeat(a, n),
        _ when left is long or bool && right is long or bool => Integers(symbol, JinjaValues.ToInteger(left), JinjaValues.ToInteger(right)),
        _ when JinjaValues.AsNumber(left) is { } x && JinjaValues.AsNumber(right) is { } y => Floats(symbol, x, y),
        _ => throw JinjaValues.Unfit(left, right, $"do not fit '{symbol}'" + (symbol == "+" ? "; '~' joins everything" : "")),
    };

    /// <summary>Whether a comparison holds.</summary>
    /// <exception cref="JinjaException">The two cannot be compared in this way.</exception>
    public static bool Holds(string symbol, object? left, object? right) => symbol switch
    {
        "==" => JinjaValues.AreEqual(left, right),
        "!=" => !JinjaValues.AreEqual(left, right),
        "<" => JinjaValues.Compare(left, right) < 0,
        "<=" => JinjaValues.Compare(left, right) <= 0,
        ">" => JinjaValues.Compare(left, right) > 0,
        ">=" => JinjaValues.Compare(left, right) >= 0,
        "in" => Contains(right, left),
        _ => !Contains(right, left),
    };

    public static bool Contains(object? whole, object? part) => (whole, part) switch
    {
        (TemplateText text, TemplateText sought) => text.Value.Contains(sought.Value, StringComparison.Ordinal),
        (JinjaMap map, TemplateText key) => map.ContainsKey(key.Value),
        (JinjaMap or JinjaUndefined, _) => false,
        (List<object?> list, _) => list.Exists(member => JinjaValues.AreEqual(member, part)),
        _ => throw JinjaValues.Unfit(part, whole, "do not fit 'in'"),
    };

    private static object Integers(string symbol, long x, long y)
    {
        if (symbol is "/" or "//" or "%" && y == 0)
        {
            throw new JinjaException("a division by zero");
        }

        if (symbol == "/" || (symbol == "**" && y < 0))
        {
            return Floats(symbol, x, y);
        }

        try
        {
            return symbol switch
            {
                "+" => checked(x + y),
                "-" => checked(x - y),
                "*" => checked(x * y),
                "//" => FloorDivide(x, y),
                "%" => x - checked(FloorDivide(x, y) * y),
                _ => checked((long)Math.Pow(x, y)),
            };
        }
        catch (OverflowException)
        {
            throw new JinjaException("a number becomes too large");
        }
    }

    private static long FloorDivide(long x, long y) => checked(x / y) - (x % y != 0 && x < 0 != y < 0 ? 1 : 0);

    private static double Floats(string symbol, double x, double y) => symbol switch
    {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        "/" or "//" or "%" when y == 0 => throw new JinjaException("a division by zero"),
        "/" => x / y,
        "//" => Math.Floor(x / y),
        "%" => x - (Math.Floor(x / y) * y),
        _ => Math.Pow(x, y),
    };

    private static TemplateText Repeat(TemplateText text, long count)
    {
        if (count * (double)text.Length > MaxRepeated)
        {
            throw new JinjaException("a repeated string becomes too long");
        }

        var builder = new TemplateText.Builder();
        for (var i = 0L; i < count && text.Length > 0; i++)
        {
            builder.Append(text);
        }

        return builder.Build();
    }
}
