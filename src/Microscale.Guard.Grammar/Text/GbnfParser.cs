namespace Microscale.Guard.Grammar;

/// <summary>Reads grammars in the notation of llama.cpp.</summary>
internal sealed class GbnfParser
{
    private const string NameSigns = "-_";

    private readonly TextCursor _cursor;

    private GbnfParser(string text) => _cursor = new TextCursor(text, "#");

    public static TextGrammar Parse(string text)
    {
        var grammar = new GbnfParser(text).Grammar();
        TextGrammarCompiler.Check(grammar);
        return grammar;
    }

    private TextGrammar Grammar()
    {
        var rules = new Dictionary<string, TextRule>(StringComparer.Ordinal);
        while (!_cursor.AtEnd)
        {
            var position = _cursor.Position;
            var name = _cursor.TryReadName(NameSigns) ?? throw _cursor.Error("a rule begins with its name, as in: name ::= …");
            _cursor.Expect("::=", "the name of a rule");
            if (!rules.TryAdd(name, new TextRule(Alternatives(), IsTerminal: false, position)))
            {
                throw _cursor.Error($"'{name}' is defined twice.", position);
            }
        }

        return rules.ContainsKey("root")
            ? new TextGrammar(_cursor.Text, "root", rules)
            : throw _cursor.Error("the grammar has no rule 'root', which stands for whole texts.", 0);
    }

    private TextSyntax Alternatives()
    {
        RecursionGuard.Check();
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

        return items is [var only] ? only : new TextSyntax.Sequence(items);
    }

    private TextSyntax Quantified(TextSyntax item)
    {
        var (min, max) = _cursor.TryRead("*") ? (0, RegexNode.Unbounded)
            : _cursor.TryRead("+") ? (1, RegexNode.Unbounded)
            : _cursor.TryRead("?") ? (0, 1)
            : _cursor.TryRead("{") ? _cursor.ReadBounds()
            : (1, 1);
        return (min, max) is (1, 1) ? item : new TextSyntax.Repeat(item, min, max);
    }

    /// <summary>The next item, or null where the sequence ends: also at the name of the next rule.</summary>
    private TextSyntax? Item()
    {
        var next = _cursor.Peek();
        var position = _cursor.Position;
        switch (next)
        {
            case '"':
                return TextSyntax.OfText(_cursor.ReadQuoted());
            case '[':
                var pattern = $"[{_cursor.ReadUntil(']', "the character class")}]";
                var set = ((RegexSyntax.Character)_cursor.ParsePattern(pattern, position)).Set;
                return TextSyntax.OfCodePoints(set);
            case '.':
                _cursor.TryRead(".");
                return TextSyntax.OfCodePoints(CodePointSet.All);
            case '(':
                _cursor.TryRead("(");
                var inner = Alternatives();
                _cursor.Expect(")", "a group");
                return inner;
            default:
                return Reference();
        }
    }

    private TextSyntax.Reference? Reference()
    {
        var position = _cursor.Position;
        if (_cursor.AtEnd || _cursor.Peek() is '|' or ')')
        {
            return null;
        }

        var start = _cursor.Save();
        var name = _cursor.TryReadName(NameSigns) ?? throw _cursor.Error($"'{_cursor.PeekNext()}' is not part of a rule.");
        if (_cursor.TryRead("::="))
        {
            _cursor.Restore(start);
            return null;
        }

        return new TextSyntax.Reference(name, position);
    }
}
