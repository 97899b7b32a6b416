using Microscale.Guard.Grammar;

namespace Microscale.Guard.Onnx;

/// <summary>Lets an answer be only a text of a grammar.</summary>
internal sealed class GrammarConstraint(CompiledGrammar grammar) : ITokenConstraint
{
    private readonly GrammarMatcher _matcher = grammar.CreateMatcher();
    private int[]? _forced;

    public bool IsComplete => _matcher.IsFinished;

    public ReadOnlySpan<int> ForcedTokens => _forced ??= [.. _matcher.ForcedTokens()];

    public ReadOnlySpan<uint> AllowedTokens => _matcher.AllowedTokens();

    public void Accept(int token)
    {
        _forced = null;
        if (!_matcher.TryAccept(token))
            throw new InvalidOperationException($"Token {token} was chosen although the grammar of the answer does not allow it.");
    }
}
