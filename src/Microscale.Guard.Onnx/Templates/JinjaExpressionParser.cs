using System.Globalization;

namespace Microscale.Guard.Onnx;

/// <summary>Makes the trees of expressions, with the precedence of Jinja: if, or, and, not, comparisons, sums, '~', products,
/// powers, signs, then what is written behind a value (members, calls, filters, tests).</summary>
internal sealed class JinjaExpressionParser(JinjaTokens tokens)
{
    private const int MaxDepth = 64;

    /// <summary>How many operators, members and filters one expression may have: they lie in each other, and so do the calls that
    /// evaluate them.</summary>
    private const int MaxLinks = 500;

    private static readonly string[] s_comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _depth;
    private int _links;

    /// <summary>The variables that the expressions so far ask for.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>One expression.</summary>
    public JinjaExpression Read()
    {
        _links = _depth == 0 ? 0 : _links;
        if (++_depth > MaxDepth)
        {
            throw new JinjaException("the expression lies too deeply in itself", tokens.Next.Offset);
        }

        var value = ReadOr();
        while (tokens.Next is var at && TakeLink(tokens.TakeWord("if")))
        {
            var condition = ReadOr();
            value = new JinjaConditional(at.Offset, condition, value, tokens.TakeWord("else") ? Read() : null);
        }

        _depth--;
        return value;
    }

    /// <summary>One expression, or several with commas, which are a list.</summary>
    public JinjaExpression ReadTupleOrExpression() => ReadTuple(Read());

    /// <summary>What a loop goes through: its condition is not part of it.</summary>
    public JinjaExpression ReadItems() => ReadTuple(ReadOr());

    /// <summary>Arguments up to the closing bracket; the opening one is taken.</summary>
    public JinjaArgumentList ReadArguments()
    {
        var positional = new List<(bool, JinjaExpression)>();
        var named = new List<(string?, JinjaExpression)>();
        while (!tokens.TakeOperator(")"))
        {
            if (tokens.TakeOperator("**"))
            {
                named.Add((null, Read()));
            }
            else if (tokens.Next.Kind == JinjaTokenKind.Name && tokens.IsOperatorAfterNext("="))
            {
                var name = tokens.Take().Value;
                tokens.Take();
                named.Add((name, Read()));
            }
            else
            {
                var spread = tokens.TakeOperator("*");
                positional.Add(named.Count == 0 ? (spread, Read()) : throw new JinjaException("arguments without a name come before those with one", tokens.Next.Offset));
            }

            if (!tokens.TakeOperator(","))
            {
                tokens.ExpectOperator(")");
                break;
            }
        }

        return new JinjaArgumentList(positional, named);
    }

    private JinjaExpression ReadTuple(JinjaExpression first)
    {
        if (!tokens.IsOperator(","))
        {
            return first;
        }

        var items = new List<JinjaExpression> { first };
        while (tokens.TakeOperator(",") && tokens.Next.Kind is not (JinjaTokenKind.BlockEnd or JinjaTokenKind.VariableEnd) && !tokens.IsOperator(")"))
        {
            items.Add(Read());
        }

        return new JinjaListExpression(first.Offset, items);
    }

    private JinjaExpression ReadOr()
    {
        var left = ReadAnd();
        while (tokens.Next is var at && TakeLink(tokens.TakeWord("or")))
        {
            left = new JinjaLogical(at.Offset, IsAnd: false, left, ReadAnd());
        }

        return left;
    }

    private JinjaExpression ReadAnd()
    {
        var left = ReadNot();
        while (tokens.Next is var at && TakeLink(tokens.TakeWord("and")))
        {
            left = new JinjaLogical(at.Offset, IsAnd: true, left, ReadNot());
        }

        return left;
    }

    private JinjaExpression ReadNot()
    {
        var negations = new Stack<int>();
        while (tokens.Next is var at && TakeLink(tokens.TakeWord("not")))
        {
            negations.Push(at.Offset);
        }

        var value = ReadComparison();
        while (negations.TryPop(out var offset))
        {
            value = new JinjaNot(offset, value);
        }

        return value;
    }

    private JinjaExpression ReadComparison()
    {
        var first = ReadBinary(0);
        var rest = new List<(string, JinjaExpression)>();
        var offset = tokens.Next.Offset;
        while (true)
        {
            if (Array.Find(s_comparisons, tokens.IsOperator) is { } symbol)
            {
                tokens.Take();
                rest.Add((symbol, ReadBinary(0)));
            }
            else if (tokens.TakeWord("in"))
            {
                rest.Add(("in", ReadBinary(0)));
            }
            else if (tokens.IsWord("not") && tokens.IsWordAfterNext("in"))
            {
                tokens.Take();
                tokens.Take();
                rest.Add(("not in", ReadBinary(0)));
            }
            else
            {
                return rest.Count == 0 ? first : new JinjaComparison(offset, first, rest);
            }
        }
    }

    /// <summary>Operators between two values, from the loosest level on.</summary>
    private JinjaExpression ReadBinary(int level)
    {
        string[][] levels = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]];
        if (level == levels.Length)
        {
            return ReadSigned();
        }

        var left = ReadBinary(level + 1);
        while (Array.Find(levels[level], tokens.IsOperator) is { } symbol && TakeLink(true))
        {
            var at = tokens.Take();
            left = new JinjaBinary(at.Offset, symbol, left, ReadBinary(level + 1));
        }

        return left;
    }

    private JinjaExpression ReadSigned() => ReadFiltersAndTests(ReadSignedValue());

    private JinjaExpression ReadSignedValue()
    {
        var signs = new Stack<JinjaToken>();
        while (TakeLink(tokens.IsOperator("-") || tokens.IsOperator("+")))
        {
            signs.Push(tokens.Take());
        }

        var value = ReadMembers(ReadPrimary());
        while (signs.TryPop(out var sign))
        {
            value = new JinjaUnary(sign.Offset, sign.Value == "-", value);
        }

        return value;
    }

    private JinjaExpression ReadPrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case JinjaTokenKind.Name:
                _names.Add(token.Value);
                return token.Value switch
                {
                    "true" or "True" => new JinjaLiteral(token.Offset, true),
                    "false" or "False" => new JinjaLiteral(token.Offset, false),
                    "none" or "None" => new JinjaLiteral(token.Offset, null),
                    _ => new JinjaName(token.Offset, token.Value),
                };
            case JinjaTokenKind.String:
                var text = token.Value;
                while (tokens.Next.Kind == JinjaTokenKind.String)
                {
                    text += tokens.Take().Value;
                }

                return new JinjaLiteral(token.Offset, TemplateText.FromTemplate(text));
            case JinjaTokenKind.Integer:
                return new JinjaLiteral(token.Offset, long.Parse(token.Value, CultureInfo.InvariantCulture));
            case JinjaTokenKind.Float:
                return new JinjaLiteral(token.Offset, double.Parse(token.Value, CultureInfo.InvariantCulture));
            case JinjaTokenKind.Operator when token.Value == "(":
                return ReadBrackets(token);
            case JinjaTokenKind.Operator when token.Value == "[":
                return new JinjaListExpression(token.Offset, ReadItemsUpTo("]", Read));
            case JinjaTokenKind.Operator when token.Value == "{":
                return new JinjaMapExpression(token.Offset, ReadItemsUpTo("}", () =>
                {
                    var key = Read();
                    tokens.ExpectOperator(":");
                    return (key, Read());
                }));
            case JinjaTokenKind.Operator:
                throw new JinjaException($"a value is expected, not '{token.Value}'", token.Offset);
            default:
                throw new JinjaException("a value is expected before the tag ends", token.Offset);
        }
    }

    private JinjaExpression ReadBrackets(JinjaToken open)
    {
        if (tokens.TakeOperator(")"))
        {
            return new JinjaListExpression(open.Offset, []);
        }

        var inner = ReadTupleOrExpression();
        tokens.ExpectOperator(")");
        return inner;
    }

    private List<T> ReadItemsUpTo<T>(string close, Func<T> read)
    {
        var items = new List<T>();
        while (!tokens.TakeOperator(close))
        {
            items.Add(read());
            if (!tokens.TakeOperator(","))
            {
                tokens.ExpectOperator(close);
                break;
            }
        }

        return items;
    }

    private JinjaExpression ReadMembers(JinjaExpression value)
    {
        while (TakeLink(true))
        {
            var at = tokens.Next.Offset;
            if (tokens.TakeOperator("."))
            {
                value = tokens.Next.Kind == JinjaTokenKind.Integer
                    ? new JinjaSubscript(at, value, new JinjaLiteral(at, long.Parse(tokens.Take().Value, CultureInfo.InvariantCulture)))
                    : new JinjaAttribute(at, value, tokens.ExpectName().Value);
            }
            else if (tokens.TakeOperator("["))
            {
                value = ReadSubscript(value, at);
            }
            else if (tokens.TakeOperator("("))
            {
                value = new JinjaCall(at, value, ReadArguments());
            }
            else
            {
                break;
            }
        }

        return value;
    }

    private JinjaExpression ReadSubscript(JinjaExpression value, int at)
    {
        var start = tokens.IsOperator(":") ? null : Read();
        if (start is not null && tokens.TakeOperator("]"))
        {
            return new JinjaSubscript(at, value, start);
        }

        tokens.ExpectOperator(":");
        var stop = tokens.IsOperator(":") || tokens.IsOperator("]") ? null : Read();
        var step = tokens.TakeOperator(":") && !tokens.IsOperator("]") ? Read() : null;
        tokens.ExpectOperator("]");
        return new JinjaSlice(at, value, start, stop, step);
    }

    private JinjaExpression ReadFiltersAndTests(JinjaExpression value)
    {
        while (TakeLink(true))
        {
            if (tokens.TakeOperator("|"))
            {
                var name = tokens.ExpectName();
                var filter = JinjaFilters.Find(name.Value) ?? throw JinjaFilters.Unknown(name.Value).At(name.Offset);
                value = new JinjaFilterExpression(name.Offset, value, filter, tokens.TakeOperator("(") ? ReadArguments() : JinjaArgumentList.None);
            }
            else if (tokens.TakeWord("is"))
            {
                value = ReadTest(value);
            }
            else if (value is JinjaFilterExpression or JinjaTestExpression && tokens.Next is { } at && tokens.TakeOperator("("))
            {
                value = new JinjaCall(at.Offset, value, ReadArguments());
            }
            else
            {
                break;
            }
        }

        return value;
    }

    private JinjaTestExpression ReadTest(JinjaExpression value)
    {
        var negated = tokens.TakeWord("not");
        var name = tokens.ExpectName();
        var test = JinjaBuiltInTests.Find(name.Value) ?? throw JinjaBuiltInTests.Unknown(name.Value).At(name.Offset);
        var arguments = tokens.TakeOperator("(") ? ReadArguments()
            : StartsArgument() ? new JinjaArgumentList([(false, ReadMembers(ReadPrimary()))], [])
            : JinjaArgumentList.None;
        return new JinjaTestExpression(name.Offset, value, test, negated, arguments);
    }

    /// <summary>Whether the argument of a test follows without brackets: <c>x is divisibleby 3</c>.</summary>
    private bool StartsArgument() => tokens.Next.Kind switch
    {
        JinjaTokenKind.String or JinjaTokenKind.Integer or JinjaTokenKind.Float => true,
        JinjaTokenKind.Name => tokens.Next.Value is not ("else" or "or" or "and" or "is" or "if" or "not" or "in"),
        JinjaTokenKind.Operator => tokens.Next.Value is "[" or "{",
        _ => false,
    };

    private bool TakeLink(bool taken) =>
        !taken || ++_links <= MaxLinks ? taken : throw new JinjaException("the expression is too long: set a variable to a part of it", tokens.Next.Offset);
}
