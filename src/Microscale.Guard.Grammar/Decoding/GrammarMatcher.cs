namespace Microscale.Guard.Grammar;

/// <summary>Follows one text, token by token: says which tokens may come next, and takes the one that came. For one caller at a
/// time; matchers of one grammar may be used side by side.</summary>
public sealed class GrammarMatcher
{
    private readonly CompiledGrammar _grammar;
    private readonly List<(int Token, ParserState Before)> _accepted;
    private ParserState _state;
    private bool _ended;

    internal GrammarMatcher(CompiledGrammar grammar, ParserState state)
        : this(grammar, state, [], ended: false)
    {
    }

    private GrammarMatcher(CompiledGrammar grammar, ParserState state, List<(int Token, ParserState Before)> accepted, bool ended)
    {
        _grammar = grammar;
        _state = state;
        _accepted = accepted;
        _ended = ended;
    }

    /// <summary>The grammar that is followed.</summary>
    public CompiledGrammar Grammar => _grammar;

    /// <summary>How many tokens were accepted, the one that ended the text included.</summary>
    public int Count => _accepted.Count;

    /// <summary>Whether the text so far is a text of the grammar, so that it may end here.</summary>
    public bool IsAccepting => _state.IsAccepting;

    /// <summary>Whether nothing but the end of the text is possible, or the text has ended: there is nothing to ask the model.</summary>
    /// <exception cref="GrammarLimitException">The answer takes more work than the limits allow.</exception>
    public bool IsFinished => _ended || (_state.IsAccepting && _grammar.IsComplete(_state));

    /// <summary>The tokens that may come next, as a set of bits: token t is bit t mod 32 of word t / 32. A token is in it exactly
    /// when some text of the grammar begins with the text so far and the bytes of the token; a token that ends the text, when the
    /// text so far is a text of the grammar. Valid for good; computed once for all matchers that come to the same point.</summary>
    /// <exception cref="GrammarLimitException">The mask takes more work than the limits allow.</exception>
    public ReadOnlySpan<uint> AllowedTokens() => _ended ? new uint[_grammar.Vocabulary.MaskLength] : _grammar.Mask(_state);

    /// <summary>Whether a token may come next: the same as its bit of <see cref="AllowedTokens"/>, without the others.</summary>
    /// <param name="token">The id of the token.</param>
    /// <exception cref="GrammarLimitException">The answer takes more work than the limits allow.</exception>
    public bool IsAllowed(int token) => TryStep(token, out _);

    /// <summary>Takes the next token.</summary>
    /// <param name="token">The id of the token.</param>
    /// <returns>Whether it was allowed; if not, nothing has changed.</returns>
    /// <exception cref="GrammarLimitException">It takes more work than the limits allow.</exception>
    public bool TryAccept(int token)
    {
        if (!TryStep(token, out var next))
        {
            return false;
        }

        _accepted.Add((token, _state));
        _state = next;
        _ended = _grammar.Vocabulary.IsEnd(token);
        return true;
    }

    /// <summary>Takes back the last tokens.</summary>
    /// <param name="count">How many.</param>
    public void Rollback(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        if (count > 0)
        {
            _state = _accepted[^count].Before;
            _accepted.RemoveRange(Count - count, count);
            _ended = false;
        }
    }

    /// <summary>A matcher at the same point that goes its own way from here.</summary>
    public GrammarMatcher Clone() => new(_grammar, _state, [.. _accepted], _ended);

    /// <summary>The tokens that must come next, as the model's own tokenizer writes them: as far as the grammar leaves one text
    /// only, and no longer token could take its place. They are allowed one after the other, and need no question to the model;
    /// empty where there is a choice.</summary>
    /// <exception cref="GrammarLimitException">The answer takes more work than the limits allow.</exception>
    public IReadOnlyList<int> ForcedTokens() =>
        _ended ? [] : ForcedText.Tokens(_grammar, _state, _accepted.Count > 0 ? _accepted[^1].Token : null);

    private bool TryStep(int token, out ParserState next)
    {
        var vocabulary = _grammar.Vocabulary;
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, vocabulary.Count);
        next = _state;
        if (_ended || vocabulary.IsEnd(token))
        {
            return !_ended && _state.IsAccepting;
        }

        if (vocabulary.IsSpecial(token))
        {
            return false;
        }

        next = _grammar.Step(_state, vocabulary[token].Span);
        return next != _grammar.Dead;
    }
}
