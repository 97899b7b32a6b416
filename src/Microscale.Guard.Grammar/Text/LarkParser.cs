namespace Microscale.Guard.Grammar;

/// <summary>Reads grammars in the notation of Lark, as far as it describes a language (what shapes Lark's trees is read and
/// ignored).</summary>
internal sealed class LarkParser
{
    private const string NameSigns = "_";

    private readonly TextCursor _cursor;
    private readonly Dictionary<string, TextRule> _rules = new(StringComparer.Ordinal);
    private readonly List<TextSyntax> _ignored = [];

    private LarkParser(string text) => _cursor = new TextCursor(text, "//");

    public static TextGrammar Parse(string text)
    {
        var grammar = new LarkParser(text).Grammar();
        TextGrammarCompiler.Check(grammar);
        return grammar;
    }

    private static bool IsTerminal(string name) => char.IsAsciiLetterUpper(name.TrimStart('_').FirstOrDefault());

    private TextGrammar Grammar()
    {
        while (!_cursor.AtEnd)
        {
            if (_cursor.TryRead("%"))
            {
                Directive();
            }
            else
            {
                Rule();
            }
        }

        return _rules.ContainsKey("start")
            ? new TextGrammar(_cursor.Text, "start", _rules, _ignored.Count == 0 ? null : new TextSyntax.Choice(_ignored))
            : throw _cursor.Error("the grammar has no rule 'start', which stands for whole texts.", 0);
    }

    private void Rule()
    {
        _ = _cursor.TryRead("?") || _cursor.TryRead("!");
        _cursor.Peek();
        var position = _cursor.Position;
        var name = _cursor.TryReadName(NameSigns) ?? throw _cursor.Error("a rule begins with its name, as in: name: …");
        if (_cursor.TryRead("{"))
        {
            throw _cursor.Error("templates are not supported; write the rule out.", position);
        }

        if (_cursor.TryRead(".") && _cursor.TryReadNumber() is null)
        {
            throw _cursor.Error("the priority of a rule is a number.");
        }

        _cursor.Expect(":", "the name of a rule");
        Define(name, new TextRule(Alternatives(), IsTerminal(name), position));
    }

    private void Define(string name, TextRule rule)
    {
        if (!_rules.TryAdd(name, rule))
        {
            throw _cursor.Error($"'{name}' is defined twice.", rule.Position);
        }
    }

    private void Directive()
    {
        var position = _cursor.Position - 1;
        switch (_cursor.TryReadName(NameSigns))
        {
            case "ignore":
                _ignored.Add(Alternatives());
                break;
            case "import":
                Import(position);
                break;
            default:
                throw _cursor.Error("only %ignore and %import are supported.", position);
        }
    }

    private void Import(int position)
    {
        _cursor.Expect("common", "%import; other modules are not supported: write their terminals out. It");
        if (_cursor.TryRead("("))
        {
            do
            {
                ImportOne(position, alias: false);
            }
            while (_cursor.TryRead(","));

            _cursor.Expect(")", "the imported names");
            return;
        }

        _cursor.Expect(".", "%import common");
        ImportOne(position, alias: true);
    }

    private void ImportOne(int position, bool alias)
    {
        var name = _cursor.TryReadName(NameSigns) ?? "";
        if (!LarkCommon.Patterns.TryGetValue(name, out var pattern))
        {
            throw _cursor.Error($"common has no '{name}'.", position);
        }

        var local = alias && _cursor.TryRead("->") ? _cursor.TryReadName(NameSigns) ?? throw _cursor.Error("a name must follow '->'.") : name;
        Define(local, new TextRule(OfPattern(RegexParser.Parse(pattern)), IsTerminal: true, position));
    }

    private TextSyntax Alternatives()
    {
        RecursionGuard.Check();
        _cursor.TryRead("|");
        var items = new List<TextSyntax> { Sequence() };
        while (_cursor.TryRead("|"))
        {
            items.Add(Sequence());
        }

        return items is [var only] ? only : new TextSyntax.Choice(items);
    }

    private TextSyntax Sequence()
    {
        var items = new List<TextSyntax>();
        while (Item() is { } item)
        {
            items.Add(Quantified(item));
        }

        if (_cursor.TryRead("->"))
        {
            _ = _cursor.TryReadName(NameSigns) ?? throw _cursor.Error("a name must follow '->'.");
        }

        return items is [var only] ? only : new TextSyntax.Sequence(items);
    }

    private TextSyntax Quantified(TextSyntax item)
    {
        var (min, max) = _cursor.TryRead("*") ? (0, RegexNode.Unbounded)
            : _cursor.TryRead("+") ? (1, RegexNode.Unbounded)
            : TryReadQuestionMark() ? (0, 1)
            : _cursor.TryRead("~") ? Range()
            : _cursor.TryRead("{") ? _cursor.ReadBounds()
            : (1, 1);
        return (min, max) is (1, 1) ? item : new TextSyntax.Repeat(item, min, max);
    }

    /// <summary>A question mark that makes the item before it optional, and is not the sign of the next rule.</summary>
    private bool TryReadQuestionMark()
    {
        var start = _cursor.Save();
        if (!_cursor.TryRead("?"))
        {
            return false;
        }

        if (!AtRule())
        {
            return true;
        }

        _cursor.Restore(start);
        return false;
    }

    private (int Min, int Max) Range()
    {
        var min = _cursor.TryReadNumber() ?? throw _cursor.Error("a number must follow '~'.");
        var max = _cursor.TryRead("..") ? _cursor.TryReadNumber() ?? throw _cursor.Error("a number must follow '..'.") : min;
        return min <= max ? (min, max) : throw _cursor.Error("the bounds of the repetition are in the wrong order.");
    }

    private TextSyntax? Item()
    {
        var next = _cursor.Peek();
        var position = _cursor.Position;
        switch (next)
        {
            case '"':
                return Quoted(position);
            case '/':
                var pattern = _cursor.ReadUntil('/', "the regular expression");
                return char.IsAsciiLetter(_cursor.PeekNext())
                    ? throw _cursor.Error("flags of regular expressions are not supported; write the cases out.")
                    : OfPattern(_cursor.ParsePattern(pattern, position + 1));
            case '(':
                _cursor.TryRead("(");
                var inner = Alternatives();
                _cursor.Expect(")", "a group");
                return inner;
            case '[':
                _cursor.TryRead("[");
                var optional = Alternatives();
                _cursor.Expect("]", "an optional part");
                return new TextSyntax.Repeat(optional, 0, 1);
            case '|' or ')' or ']' or '%' or '-' or '?' or '!':
                return null;
            default:
                return Reference();
        }
    }

    private TextSyntax Quoted(int position)
    {
        var text = _cursor.ReadQuoted();
        if (_cursor.TryRead(".."))
        {
            var last = _cursor.Peek() == '"' ? _cursor.ReadQuoted() : "";
            var (from, to) = (text.EnumerateRunes().ToArray(), last.EnumerateRunes().ToArray());
            return from is [var low] && to is [var high] && low <= high
                ? TextSyntax.OfCodePoints(CodePointSet.Of([(low.Value, high.Value)]))
                : throw _cursor.Error("a range goes from one character to a later one.", position);
        }

        if (_cursor.PeekNext() != 'i')
        {
            return TextSyntax.OfText(text);
        }

        _cursor.TryRead("i");
        return TextSyntax.OfText(text, ignoreCase: true);
    }

    private TextSyntax.Reference? Reference()
    {
        if (_cursor.AtEnd || AtRule())
        {
            return null;
        }

        var position = _cursor.Position;
        var name = _cursor.TryReadName(NameSigns) ?? throw _cursor.Error($"'{_cursor.PeekNext()}' is not part of a rule.");
        return new TextSyntax.Reference(name, position);
    }

    /// <summary>Whether a rule begins here: a name, perhaps with a priority, and a colon.</summary>
    private bool AtRule()
    {
        var start = _cursor.Save();
        _ = _cursor.TryRead("?") || _cursor.TryRead("!");
        var isRule = _cursor.TryReadName(NameSigns) is not null
            && (_cursor.TryRead(":") || (_cursor.TryRead(".") && _cursor.TryReadNumber() is not null && _cursor.TryRead(":")));
        _cursor.Restore(start);
        return isRule;
    }

    private static TextSyntax.Regular OfPattern(RegexSyntax syntax) => new(r => RegexCompiler.Compile(r, syntax, RegexMatch.Whole));
}
