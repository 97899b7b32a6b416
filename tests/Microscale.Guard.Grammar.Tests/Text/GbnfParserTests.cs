namespace Microscale.Guard.Grammar.Tests;

public class GbnfParserTests
{
    private const string Json = """
        # JSON, as llama.cpp has it
        root   ::= object
        value  ::= object | array | string | number | ("true" | "false" | "null") ws
        object ::=
          "{" ws (
                    string ":" ws value
            ("," ws string ":" ws value)*
          )? "}" ws
        array  ::= "[" ws ( value ("," ws value)* )? "]" ws
        string ::=
          "\"" (
            [^"\\\x7F\x00-\x1F] |
            "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) # escapes
          )* "\"" ws
        number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
        ws ::= | " " | "\n" [ \t]{0,20}
        """;

    [Theory]
    [InlineData("""{"a": [1, 2.5e3, {"b": "x\n\u00e9é"}], "c": null}""", true)]
    [InlineData("{}", true)]
    [InlineData("{\n    \"a\": true}", true)]
    [InlineData("""{"a": 01}""", false)]
    [InlineData("""{"a": 1,}""", false)]
    [InlineData("""["a"]""", false)]
    [InlineData("""{"a": "x" """, false)]
    public void FromGbnf_JsonGrammar_AcceptsJson(string text, bool accepted) =>
        Assert.Equal(accepted, Vocabularies.Accepts(Vocabularies.Compile(GrammarDefinition.FromGbnf(Json)), text));

    [Theory]
    [InlineData("root ::= [ab]{2} \"c\"{1,} .?", "abcc\U0001F600", true)]
    [InlineData("root ::= [ab]{2} \"c\"{1,} .?", "ab", false)]
    [InlineData("root ::= expr\nexpr ::= expr \"+\" expr | \"(\" expr \")\" | [0-9]+", "1+(2+3)+4", true)]
    [InlineData("root ::= expr\nexpr ::= expr \"+\" expr | \"(\" expr \")\" | [0-9]+", "1+(2+3+4", false)]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F600\"", "Aé\U0001F600", true)]
    [InlineData("root ::= a-1 a_2 a-1 ::= \"x\" a_2 ::= \"y\"", "xy", true)]
    [InlineData("root ::= | \"a\"", "", true)]
    public void FromGbnf_Syntax_IsUnderstood(string grammar, string text, bool accepted) =>
        Assert.Equal(accepted, Vocabularies.Accepts(Vocabularies.Compile(GrammarDefinition.FromGbnf(grammar)), text));

    [Theory]
    [InlineData("root ::= a", 1, 10, "not defined")]
    [InlineData("rot ::= \"a\"", 1, 1, "no rule 'root'")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", 2, 1, "defined twice")]
    [InlineData("root ::= \"a\n", 1, 10, "not closed")]
    [InlineData("root ::=\n  [a-", 2, 3, "not closed")]
    [InlineData("root ::=\n  [z-a]", 2, 4, "wrong order")]
    [InlineData("root ::= (\"a\"", 1, 14, "')' must follow")]
    [InlineData("root ::= \"a\"{3,2}", 1, 13, "wrong order")]
    [InlineData("root ::= \"a\" & \"b\"", 1, 14, "not part of a rule")]
    [InlineData("root = \"a\"", 1, 6, "'::='")]
    [InlineData("root ::= \"\\q\"", 1, 11, "not an escape")]
    public void FromGbnf_WrongText_SaysWhere(string grammar, int line, int column, string words)
    {
        var error = Assert.Throws<GrammarSyntaxException>(() => GrammarDefinition.FromGbnf(grammar));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
