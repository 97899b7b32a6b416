namespace Microscale.Guard.Onnx;

/// <summary>The tokens of a template, taken one after another.</summary>
internal sealed class JinjaTokens(IReadOnlyList<JinjaToken> tokens)
{
    private int _at;

    public JinjaToken Next => tokens[_at];

    public JinjaToken Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool IsOperator(string symbol) => Next.Kind == JinjaTokenKind.Operator && Next.Value == symbol;

    public bool IsWord(string word) => Next.Kind == JinjaTokenKind.Name && Next.Value == word;

    public bool TakeOperator(string symbol) => Take(IsOperator(symbol));

    public bool TakeWord(string word) => Take(IsWord(word));

    /// <summary>Whether the token after the next is a word.</summary>
    public bool IsWordAfterNext(string word) => _at + 1 < tokens.Count && tokens[_at + 1].Kind == JinjaTokenKind.Name && tokens[_at + 1].Value == word;

    /// <summary>Whether the token after the next is an operator.</summary>
    public bool IsOperatorAfterNext(string symbol) =>
        _at + 1 < tokens.Count && tokens[_at + 1].Kind == JinjaTokenKind.Operator && tokens[_at + 1].Value == symbol;

    public JinjaToken Expect(JinjaTokenKind kind, string name) => Next.Kind == kind ? Take() : throw Unexpected($"'{name}'");

    public JinjaToken ExpectName() => Next.Kind == JinjaTokenKind.Name ? Take() : throw Unexpected("a name");

    public void ExpectOperator(string symbol)
    {
        if (!TakeOperator(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    public void ExpectWord(string word)
    {
        if (!TakeWord(word))
        {
            throw Unexpected($"'{word}'");
        }
    }

    public JinjaException Unexpected(string expected) => new(
        Next.Kind switch
        {
            JinjaTokenKind.Name or JinjaTokenKind.Operator or JinjaTokenKind.Integer or JinjaTokenKind.Float => $"{expected} is expected, not '{Next.Value}'",
            JinjaTokenKind.String => $"{expected} is expected, not a string",
            _ => $"{expected} is expected before the tag ends",
        },
        Next.Offset);

    private bool Take(bool wanted)
    {
        if (wanted)
        {
            _at++;
        }

        return wanted;
    }
}
