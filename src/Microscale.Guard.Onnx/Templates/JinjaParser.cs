namespace Microscale.Guard.Onnx;

/// <summary>Makes the tree of a template from its tokens: the statements. <see cref="JinjaExpressionParser"/> has the expressions.</summary>
internal sealed class JinjaParser
{
    private const int MaxDepth = 64;

    private readonly JinjaTokens _tokens;
    private readonly JinjaExpressionParser _expressions;
    private int _depth;
    private int _loops;

    private JinjaParser(JinjaTokens tokens)
    {
        _tokens = tokens;
        _expressions = new JinjaExpressionParser(tokens);
    }

    /// <summary>The tree of a template, and the variables that it asks for.</summary>
    /// <exception cref="JinjaException">It is no template, or uses what is not supported.</exception>
    public static (JinjaBlock Body, IReadOnlySet<string> Names) Parse(string source)
    {
        var tokens = new JinjaTokens(JinjaLexer.Read(source));
        var parser = new JinjaParser(tokens);
        return (parser.ReadBlock(tokens.Next, []), parser._expressions.Names);
    }

    /// <summary>Statements up to one of some tags, whose name is then the next token; without tags, up to the end.</summary>
    private JinjaBlock ReadBlock(JinjaToken opening, string[] ends)
    {
        if (++_depth > MaxDepth)
        {
            throw new JinjaException("blocks lie too deeply in each other", opening.Offset);
        }

        var statements = new List<JinjaStatement>();
        while (true)
        {
            var token = _tokens.Next;
            switch (token.Kind)
            {
                case JinjaTokenKind.End when ends.Length == 0:
                    return new JinjaBlock(opening.Offset, statements);
                case JinjaTokenKind.End:
                    throw new JinjaException($"the block '{opening.Value}' does not end: add '{{% {ends[^1]} %}}'", opening.Offset);
                case JinjaTokenKind.Text:
                    _tokens.Take();
                    statements.Add(new JinjaText(token.Offset, TemplateText.FromTemplate(token.Value)));
                    break;
                case JinjaTokenKind.VariableBegin:
                    _tokens.Take();
                    statements.Add(new JinjaOutput(token.Offset, _expressions.ReadTupleOrExpression()));
                    _tokens.Expect(JinjaTokenKind.VariableEnd, "}}");
                    break;
                default:
                    _tokens.Take();
                    if (Array.Exists(ends, e => _tokens.Next is { Kind: JinjaTokenKind.Name } name && name.Value == e))
                    {
                        _depth--;
                        return new JinjaBlock(opening.Offset, statements);
                    }

                    statements.Add(ReadStatement());
                    break;
            }
        }
    }

    private JinjaStatement ReadStatement()
    {
        var tag = _tokens.ExpectName();
        switch (tag.Value)
        {
            case "if":
                return ReadIf(tag);
            case "for":
                return ReadFor(tag);
            case "set":
                return ReadSet(tag);
            case "macro":
                return ReadMacro(tag);
            case "call":
                return ReadCall(tag);
            case "filter":
                return ReadFilter(tag);
            case "generation":
                return ReadBody(tag, "endgeneration");
            case "break" or "continue" when _loops > 0:
                EndTag();
                return new JinjaLeave(tag.Offset, tag.Value == "break" ? JinjaFlow.Break : JinjaFlow.Continue);
            case "break" or "continue":
                throw new JinjaException($"'{tag.Value}' is in no loop", tag.Offset);
            case { } end when end is "else" or "elif" || end.StartsWith("end", StringComparison.Ordinal):
                throw new JinjaException($"'{end}' ends no block that is open", tag.Offset);
            default:
                throw new JinjaException(
                    $"the tag '{tag.Value}' is not supported; there are if, for, set, macro, call, filter, generation, raw, break and continue", tag.Offset);
        }
    }

    /// <summary>The rest of an opening tag, its block and the closing tag.</summary>
    private JinjaBlock ReadBody(JinjaToken tag, string end)
    {
        EndTag();
        var body = ReadBlock(tag, [end]);
        CloseTag();
        return body;
    }

    private JinjaIf ReadIf(JinjaToken tag)
    {
        var condition = _expressions.ReadTupleOrExpression();
        EndTag();
        var then = ReadBlock(tag, ["elif", "else", "endif"]);
        var next = _tokens.ExpectName();
        if (next.Value == "endif")
        {
            EndTag();
            return new JinjaIf(tag.Offset, condition, then, null);
        }

        _depth++;
        JinjaStatement otherwise = next.Value == "elif" ? ReadIf(next) : ReadBody(next, "endif");
        _depth--;
        return new JinjaIf(tag.Offset, condition, then, otherwise);
    }

    private JinjaFor ReadFor(JinjaToken tag)
    {
        var names = ReadNames();
        _tokens.ExpectWord("in");
        var items = _expressions.ReadItems();
        var filter = _tokens.TakeWord("if") ? _expressions.Read() : null;
        if (_tokens.Next is { Kind: JinjaTokenKind.Name, Value: "recursive" } recursive)
        {
            throw new JinjaException("recursive loops are not supported: use a macro", recursive.Offset);
        }

        EndTag();
        _loops++;
        var body = ReadBlock(tag, ["else", "endfor"]);
        _loops--;
        var next = _tokens.ExpectName();
        if (next.Value == "else")
        {
            return new JinjaFor(tag.Offset, names, items, filter, body, ReadBody(next, "endfor"));
        }

        EndTag();
        return new JinjaFor(tag.Offset, names, items, filter, body, null);
    }

    private JinjaStatement ReadSet(JinjaToken tag)
    {
        var names = ReadNames();
        if (names.Count == 1 && _tokens.TakeOperator("."))
        {
            var member = _tokens.ExpectName().Value;
            _tokens.ExpectOperator("=");
            var value = _expressions.ReadTupleOrExpression();
            EndTag();
            return new JinjaSetMember(tag.Offset, names[0], member, value);
        }

        if (_tokens.TakeOperator("="))
        {
            var value = _expressions.ReadTupleOrExpression();
            EndTag();
            return new JinjaSet(tag.Offset, names, value);
        }

        return names.Count == 1
            ? new JinjaSetBlock(tag.Offset, names[0], ReadBody(tag, "endset"))
            : throw new JinjaException("'=' is missing", _tokens.Next.Offset);
    }

    private JinjaMacro ReadMacro(JinjaToken tag)
    {
        var name = _tokens.ExpectName().Value;
        _tokens.ExpectOperator("(");
        return new JinjaMacro(tag.Offset, name, ReadParameters(), ReadMacroBody(tag, "endmacro"));
    }

    private JinjaCallBlock ReadCall(JinjaToken tag)
    {
        var parameters = _tokens.TakeOperator("(") ? ReadParameters() : [];
        var call = _expressions.Read() as JinjaCall ?? throw new JinjaException("a call block calls a macro: 'call name()'", tag.Offset);
        return new JinjaCallBlock(tag.Offset, call, new JinjaMacro(tag.Offset, JinjaMacro.Caller, parameters, ReadMacroBody(tag, "endcall")));
    }

    private List<(string Name, JinjaExpression? Default)> ReadParameters()
    {
        var parameters = new List<(string, JinjaExpression?)>();
        while (!_tokens.TakeOperator(")"))
        {
            var parameter = _tokens.ExpectName().Value;
            parameters.Add((parameter, _tokens.TakeOperator("=") ? _expressions.Read() : null));
            if (!_tokens.TakeOperator(","))
            {
                _tokens.ExpectOperator(")");
                break;
            }
        }

        return parameters;
    }

    /// <summary>A body of its own: 'break' in it is in no loop outside.</summary>
    private JinjaBlock ReadMacroBody(JinjaToken tag, string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = ReadBody(tag, end);
        _loops = loops;
        return body;
    }

    private JinjaFilterBlock ReadFilter(JinjaToken tag)
    {
        var name = _tokens.ExpectName();
        var filter = JinjaFilters.Find(name.Value) ?? throw JinjaFilters.Unknown(name.Value).At(name.Offset);
        var arguments = _tokens.TakeOperator("(") ? _expressions.ReadArguments() : JinjaArgumentList.None;
        return new JinjaFilterBlock(tag.Offset, filter, arguments, ReadBody(tag, "endfilter"));
    }

    private List<string> ReadNames()
    {
        var names = new List<string>();
        var bracket = _tokens.TakeOperator("(");
        do
        {
            names.Add(_tokens.ExpectName().Value);
        }
        while (_tokens.TakeOperator(","));
        if (bracket)
        {
            _tokens.ExpectOperator(")");
        }

        return names;
    }

    private void CloseTag()
    {
        _tokens.ExpectName();

        // An end tag may repeat the name of its block.
        if (_tokens.Next.Kind == JinjaTokenKind.Name)
        {
            _tokens.Take();
        }

        EndTag();
    }

    private void EndTag() => _tokens.Expect(JinjaTokenKind.BlockEnd, "%}");
}
