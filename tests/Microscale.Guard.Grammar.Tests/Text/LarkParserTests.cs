namespace Microscale.Guard.Grammar.Tests;

public class LarkParserTests
{
    private const string Calculator = """
        // Sums and products
        %import common.NUMBER
        %import common (WS_INLINE, CNAME)
        %ignore WS_INLINE

        ?start: sum
              | CNAME "=" sum    -> assign
        ?sum: product
            | sum "+" product   -> add
            | sum "-" product   -> sub
        ?product: atom
            | product "*" atom
        ?atom: NUMBER | "-" atom | CNAME | "(" sum ")" | "sin"i "(" [sum] ")"
        """;

    [Theory]
    [InlineData("x = 1 + 2*(3 - y)", true)]
    [InlineData("SIN( ) + sIn(4.5)  ", true)]
    [InlineData("- -1", true)]
    [InlineData("1 +", false)]
    [InlineData("(1 + 2", false)]
    [InlineData("1\n+ 2", false)]
    public void FromLark_Calculator_AcceptsFormulas(string text, bool accepted) =>
        Assert.Equal(accepted, Vocabularies.Accepts(Vocabularies.Compile(GrammarDefinition.FromLark(Calculator)), text));

    [Theory]
    [InlineData("start: A~2..3 B?\nA: \"a\"..\"c\"\nB.2: /[x-z]+/ | \"!\"", "abc!", true)]
    [InlineData("start: A~2..3 B?\nA: \"a\"..\"c\"\nB.2: /[x-z]+/ | \"!\"", "a", false)]
    [InlineData("start: x{2,3}\nx: \"a\"", "aaa", true)]
    [InlineData("start: x+\n?y: \"b\"\n!x: \"a\" | y", "aba", true)]
    [InlineData("start: _a | \"no\"\n_a: \"a\" _a | ", "aaa", true)]
    [InlineData("start: A\nA: B B\nB: \"ab\"", "abab", true)]
    [InlineData("start: /a\\/b/", "a/b", true)]
    public void FromLark_Syntax_IsUnderstood(string grammar, string text, bool accepted) =>
        Assert.Equal(accepted, Vocabularies.Accepts(Vocabularies.Compile(GrammarDefinition.FromLark(grammar)), text));

    [Theory]
    [InlineData("start: a", 1, 8, "not defined")]
    [InlineData("begin: \"a\"", 1, 1, "no rule 'start'")]
    [InlineData("start: A\nA: \"a\" A", 2, 1, "contains itself")]
    [InlineData("start: /a(/", 1, 10, "not closed")]
    [InlineData("start: /a/i", 1, 11, "flags")]
    [InlineData("start: \"a\"\n%declare B", 2, 1, "only %ignore")]
    [InlineData("%import common.FOO\nstart: FOO", 1, 1, "no 'FOO'")]
    [InlineData("start: \"b\"..\"a\"", 1, 8, "range")]
    [InlineData("start: [\"a\"", 1, 12, "']' must follow")]
    public void FromLark_WrongText_SaysWhere(string grammar, int line, int column, string words)
    {
        var error = Assert.Throws<GrammarSyntaxException>(() => GrammarDefinition.FromLark(grammar));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
