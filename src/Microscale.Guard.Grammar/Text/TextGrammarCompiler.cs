namespace Microscale.Guard.Grammar;

/// <summary>Turns grammars that were written as text into nodes. What is regular becomes a single terminal, so that it is matched by
/// an automaton instead of the parser.</summary>
internal sealed class TextGrammarCompiler
{
    /// <summary>How many parts one terminal is made of at most; larger ones stay rules.</summary>
    private const int MaxTerminalSize = 2000;

    private readonly TextGrammar _grammar;
    private readonly GrammarBuilder _builder;
    private readonly GrammarNode _ignored;
    private readonly Dictionary<string, GrammarNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegexNode> _regexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sizes;

    private TextGrammarCompiler(TextGrammar grammar, GrammarBuilder builder)
    {
        _grammar = grammar;
        _builder = builder;
        _sizes = Check(grammar);
        _ignored = grammar.Ignored is { } ignored ? builder.Terminal(builder.Regexes.Repeat(Regex(ignored), 0)) : builder.Empty;
    }

    public static GrammarNode Compile(TextGrammar grammar, GrammarBuilder builder)
    {
        var compiler = new TextGrammarCompiler(grammar, builder);
        return builder.Sequence(compiler.Rule(grammar.Start), compiler._ignored);
    }

    /// <summary>Checks that what is used is defined and that no terminal contains itself.</summary>
    /// <returns>How many parts the regular rules have.</returns>
    public static Dictionary<string, int> Check(TextGrammar grammar)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, rule) in grammar.Rules)
        {
            CheckReferences(grammar, rule.Definition);
            RuleSize(grammar, name, sizes, []);
        }

        if (grammar.Ignored is { } ignored)
        {
            CheckReferences(grammar, ignored);
        }

        return sizes;
    }

    private static void CheckReferences(TextGrammar grammar, TextSyntax syntax)
    {
        RecursionGuard.Check();
        switch (syntax)
        {
            case TextSyntax.Reference reference when !grammar.Rules.ContainsKey(reference.Name):
                throw grammar.Error(reference.Position, $"'{reference.Name}' is not defined.");
            case TextSyntax.Sequence sequence:
                foreach (var item in sequence.Items)
                {
                    CheckReferences(grammar, item);
                }

                break;
            case TextSyntax.Choice choice:
                foreach (var item in choice.Items)
                {
                    CheckReferences(grammar, item);
                }

                break;
            case TextSyntax.Repeat repeat:
                CheckReferences(grammar, repeat.Item);
                break;
        }
    }

    /// <summary>How many parts a rule has with all that it refers to; more than the bound when it refers to itself.</summary>
    private static int RuleSize(TextGrammar grammar, string name, Dictionary<string, int> sizes, HashSet<string> under)
    {
        RecursionGuard.Check();
        if (sizes.TryGetValue(name, out var size))
        {
            return size;
        }

        var rule = grammar.Rules[name];
        if (!under.Add(name))
        {
            return rule.IsTerminal
                ? throw grammar.Error(rule.Position, $"the terminal '{name}' contains itself; only rules may be recursive.")
                : MaxTerminalSize + 1;
        }

        size = Size(rule.Definition);
        under.Remove(name);
        return sizes[name] = size;

        int Size(TextSyntax syntax) => syntax switch
        {
            TextSyntax.Reference reference => RuleSize(grammar, reference.Name, sizes, under),
            TextSyntax.Sequence sequence => Sum(sequence.Items),
            TextSyntax.Choice choice => Sum(choice.Items),
            TextSyntax.Repeat repeat => Size(repeat.Item) + 1,
            _ => 1,
        };

        int Sum(IReadOnlyList<TextSyntax> items) => (int)Math.Min(items.Sum(i => (long)Size(i)) + 1, int.MaxValue / 2);
    }

    private bool IsRegular(string name) => _grammar.Rules[name].IsTerminal || (_grammar.Ignored is null && _sizes.GetValueOrDefault(name, int.MaxValue) <= MaxTerminalSize);

    private bool IsRegular(TextSyntax syntax) => syntax switch
    {
        TextSyntax.Reference reference => IsRegular(reference.Name),
        TextSyntax.Sequence sequence => _grammar.Ignored is null && sequence.Items.All(IsRegular),
        TextSyntax.Choice choice => choice.Items.All(IsRegular),
        TextSyntax.Repeat repeat => _grammar.Ignored is null && IsRegular(repeat.Item),
        _ => true,
    };

    private GrammarNode Rule(string name)
    {
        if (_nodes.TryGetValue(name, out var node))
        {
            return node;
        }

        var definition = _grammar.Rules[name].Definition;
        if (IsRegular(name))
        {
            return _nodes[name] = _builder.Sequence(_ignored, _builder.Terminal(NamedRegex(name)));
        }

        var rule = _builder.Declare(name);
        _nodes[name] = rule;
        rule.Define(Node(definition));
        return rule;
    }

    private GrammarNode Node(TextSyntax syntax)
    {
        RecursionGuard.Check();
        if (syntax is TextSyntax.Reference reference)
        {
            return Rule(reference.Name);
        }

        if (IsRegular(syntax))
        {
            return Terminal(syntax);
        }

        return syntax switch
        {
            TextSyntax.Sequence sequence => _builder.Sequence([.. sequence.Items.Select(Node)]),
            TextSyntax.Choice choice => _builder.Choice([.. choice.Items.Select(Node)]),
            TextSyntax.Repeat repeat => _builder.Repeat(Node(repeat.Item), repeat.Min, repeat.Max),
            _ => throw new InvalidOperationException("A regular part is no node."),
        };
    }

    private GrammarNode Terminal(TextSyntax syntax) => _builder.Sequence(_ignored, _builder.Terminal(Regex(syntax)));

    private RegexNode NamedRegex(string name)
    {
        if (!_regexes.TryGetValue(name, out var regex))
        {
            _regexes[name] = regex = Regex(_grammar.Rules[name].Definition);
        }

        return regex;
    }

    private RegexNode Regex(TextSyntax syntax)
    {
        RecursionGuard.Check();
        var regexes = _builder.Regexes;
        return syntax switch
        {
            TextSyntax.Regular regular => regular.Build(regexes),
            TextSyntax.Reference reference => NamedRegex(reference.Name),
            TextSyntax.Sequence sequence => regexes.Concat([.. sequence.Items.Select(Regex)]),
            TextSyntax.Choice choice => regexes.Or([.. choice.Items.Select(Regex)]),
            TextSyntax.Repeat repeat => regexes.Repeat(Regex(repeat.Item), repeat.Min, repeat.Max),
            _ => throw new InvalidOperationException("There is no such part."),
        };
    }
}
