namespace Microscale.Guard.Grammar;

/// <summary>Which texts are allowed. Independent of a model; <see cref="CompiledGrammar"/> joins it with a vocabulary. Immutable and
/// safe for concurrent callers.</summary>
public sealed class GrammarDefinition
{
    internal GrammarDefinition(Func<GrammarBuilder, GrammarNode> build) => Build = build;

    internal Func<GrammarBuilder, GrammarNode> Build { get; }

    /// <summary>The texts that a regular expression matches as a whole.</summary>
    /// <param name="pattern">The expression, in the syntax of ECMA-262 with the flag u and of .NET, as far as it is regular:
    /// \d and \w are ASCII, lookaheads and anchors are exact, lookbehinds, backreferences, word boundaries and inline flags are
    /// errors.</param>
    /// <exception cref="GrammarSyntaxException">The expression is wrong, or is not supported; the message says where.</exception>
    public static GrammarDefinition FromRegex(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var syntax = RegexParser.Parse(pattern);
        return new(builder => builder.Terminal(RegexCompiler.Compile(builder.Regexes, syntax, RegexMatch.Whole)));
    }

    /// <summary>One of some texts, and nothing else.</summary>
    /// <param name="choices">The texts.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static GrammarDefinition FromChoices(IEnumerable<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var texts = choices.ToArray();
        return texts.Length == 0
            ? throw new ArgumentException("A choice needs at least one text.", nameof(choices))
            : new(builder => builder.Terminal(builder.Regexes.Literals(texts)));
    }
}
