using System.Globalization;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>An equation in a text: numbers that are added, subtracted, multiplied or divided, and what that is said to be.</summary>
/// <param name="Text">How it is written.</param>
/// <param name="Expression">Its left side.</param>
/// <param name="Result">The result that is said.</param>
/// <param name="Right">The right result.</param>
/// <param name="IsRight">Whether the two are the same, up to the rounding of the last digit said.</param>
internal sealed partial record Equation(string Text, string Expression, string Result, string Right, bool IsRight)
{
    private const string Number = @"[-−]?[$€£]?[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?%?|[-−]?[$€£]?[0-9]+(?:\.[0-9]+)?%?";

    /// <summary>The equations of a text whose left side can be computed.</summary>
    public static IReadOnlyList<Equation> Find(string text)
    {
        var found = new List<Equation>();
        foreach (Match match in Pattern().Matches(text))
        {
            if (Read(match) is { } equation)
            {
                found.Add(equation);
            }
        }

        return found;
    }

    private static Equation? Read(Match match)
    {
        try
        {
            decimal[] terms = [.. match.Groups["n"].Captures.Select(c => Parse(c.Value))];
            char[] operators = [.. match.Groups["op"].Captures.Select(c => Operator(c.Value))];
            var said = match.Groups["result"].Value;
            var result = Parse(said);
            if (operators is not ['o'] && terms.Length > 0 && match.Groups["n"].Captures.Any(c => c.Value.EndsWith('%')) && !said.EndsWith('%'))
            {
                // "100 + 10% = 110" adds a tenth of what stands before: not read.
                return null;
            }

            if (said.EndsWith('%'))
            {
                var percents = match.Groups["n"].Captures.Count(c => c.Value.EndsWith('%'));
                if (percents != terms.Length && !(percents == 0 && operators is ['/']))
                {
                    return null;
                }
            }

            var computed = Compute(terms, operators);
            var step = LastDigit(said);
            var isApproximate = match.Groups["about"].Success;
            var right = Math.Abs(computed - result) <= (isApproximate ? Math.Max(step, Math.Abs(computed) * 0.05m) : step / 2);
            var shown = Math.Round(said.EndsWith('%') ? computed * 100 : computed, 4).ToString("#,0.####", CultureInfo.InvariantCulture);
            return new Equation(match.Value, match.Groups["left"].Value.Trim(), said, said.EndsWith('%') ? shown + "%" : shown, right);
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private static decimal Compute(decimal[] terms, char[] operators)
    {
        // Products and quotients first.
        var sums = new List<decimal> { terms[0] };
        for (var i = 0; i < operators.Length; i++)
        {
            var next = terms[i + 1];
            switch (operators[i])
            {
                case '*' or 'o':
                    sums[^1] *= next;
                    break;
                case '/':
                    sums[^1] /= next;
                    break;
                case '-':
                    sums.Add(-next);
                    break;
                default:
                    sums.Add(next);
                    break;
            }
        }

        return sums.Sum();
    }

    private static char Operator(string text) => text.ToLowerInvariant() switch
    {
        "+" or "plus" => '+',
        "-" or "−" or "–" or "minus" => '-',
        "/" or "÷" or "divided by" => '/',
        "of" => 'o',
        _ => '*',
    };

    private static decimal Parse(string number)
    {
        var digits = string.Concat(number.Where(c => char.IsAsciiDigit(c) || c == '.'));
        var value = decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        value = number[0] is '-' or '−' ? -value : value;
        return number.EndsWith('%') ? value / 100 : value;
    }

    /// <summary>The value of one in the last place that is written.</summary>
    private static decimal LastDigit(string number)
    {
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : number.AsSpan(point + 1).Trim('%').Length;
        var step = 1m;
        for (var i = 0; i < decimals + (number.EndsWith('%') ? 2 : 0); i++)
        {
            step /= 10;
        }

        return step;
    }

    // Signs need blanks around them, or they may be those of ranges, dates and fractions; "x" and "of" stand for products.
    [GeneratedRegex(
        @"(?<![\w.,/-])(?<left>(?<n>" + Number + @")(?:(?:\s*(?<op>[+×*÷])\s*|\s+(?<op>[-−–/x]|plus|minus|times|multiplied\ by|divided\ by)\s+|(?<=%)\s+(?<op>of)\s+)(?<n>" + Number + @"))+)"
        + @"\s*(?:=|(?<about>≈)|\b(?:is|are|equals?|makes?|gives?)\b(?:\ equal\ to)?)\s*(?<about>(?:about|approximately|roughly|around|nearly|almost|~)\s*)?(?<result>" + Number + @")(?![\w/]|[.,][0-9]|\s*[-+×*÷/−])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
