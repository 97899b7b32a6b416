namespace Microscale.Guard.Grammar;

/// <summary>A grammar made ready for a vocabulary. What it learns about the grammar is kept and shared by its matchers, so compile
/// a grammar once and keep it. Safe for concurrent callers.</summary>
public sealed class CompiledGrammar
{
    private readonly Lock _lock = new();
    private readonly Fuel _fuel;
    private readonly Parser _parser;
    private readonly MaskBuilder _masks;

    private CompiledGrammar(GrammarBuilder builder, RuleNetwork network, TokenVocabulary vocabulary)
    {
        _fuel = builder.Fuel;
        _parser = new Parser(network, builder.Regexes, _fuel);
        _masks = new MaskBuilder(_parser, vocabulary, new LexemeMasks(_parser.Lexer, vocabulary, new TextCapacity(builder.Regexes, _fuel)));
        Vocabulary = vocabulary;
    }

    /// <summary>The vocabulary of the masks.</summary>
    public TokenVocabulary Vocabulary { get; }

    internal ParserState Dead => _parser.Dead;

    /// <summary>Compiles a grammar.</summary>
    /// <param name="definition">The grammar.</param>
    /// <param name="vocabulary">The tokens of the model.</param>
    /// <param name="limits">What the grammar may cost; null for <see cref="GrammarLimits.Default"/>.</param>
    /// <exception cref="GrammarSyntaxException">The grammar is wrong, or no text matches it.</exception>
    /// <exception cref="GrammarLimitException">The grammar is larger than the limits allow.</exception>
    public static CompiledGrammar Compile(GrammarDefinition definition, TokenVocabulary vocabulary, GrammarLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var builder = new GrammarBuilder(limits);
        var network = RuleNetwork.Build(builder, definition.Build(builder));
        return new CompiledGrammar(builder, network, vocabulary);
    }

    /// <summary>A matcher at the beginning of a text.</summary>
    public GrammarMatcher CreateMatcher() => new(this, Start());

    /// <summary>Whether some bytes are a text of the grammar.</summary>
    internal bool IsMatch(ReadOnlySpan<byte> text) => Step(Start(), text).IsAccepting;

    /// <summary>The state after some bytes.</summary>
    internal ParserState Step(ParserState state, ReadOnlySpan<byte> bytes)
    {
        var classOf = _parser.Classes.ClassOf;
        for (var i = 0; i < bytes.Length && state != Dead; i++)
        {
            if (state.Next[classOf[bytes[i]]] is not { } next)
            {
                return StepSlowly(state, bytes[i..]);
            }

            state = next;
        }

        return state;
    }

    internal uint[] Mask(ParserState state)
    {
        if (state.Mask is { } known)
        {
            return known;
        }

        lock (_lock)
        {
            BeginStep();
            return state.Mask ?? _masks.Build(state);
        }
    }

    /// <summary>Whether no byte may follow.</summary>
    internal bool IsComplete(ParserState state)
    {
        if (state.Threads.Length == 0)
        {
            return true;
        }

        lock (_lock)
        {
            BeginStep();
            for (var c = 0; c < _parser.Classes.Count; c++)
            {
                if (_parser.Step(state, c) != Dead)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The only byte that may follow, or null when there are several or none.</summary>
    internal byte? OnlyByte(ParserState state)
    {
        var first = ByteSet.Empty;
        foreach (var (_, lexer) in state.Threads)
        {
            first |= lexer.First;
        }

        lock (_lock)
        {
            BeginStep();
            byte? only = null;
            for (var b = first.Next(0); b < 256; b = first.Next(b + 1))
            {
                if (_parser.Step(state, _parser.Classes.ClassOf[b]) == Dead)
                {
                    continue;
                }

                if (only is not null)
                {
                    return null;
                }

                only = (byte)b;
            }

            return only;
        }
    }

    private void BeginStep()
    {
        _fuel.BeginStep();
        _parser.Trim();
    }

    private ParserState Start()
    {
        lock (_lock)
        {
            return _parser.Start;
        }
    }

    private ParserState StepSlowly(ParserState state, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            BeginStep();
            foreach (var value in bytes)
            {
                if (state == Dead)
                {
                    break;
                }

                state = _parser.Step(state, _parser.Classes.ClassOf[value]);
            }

            return state;
        }
    }
}
