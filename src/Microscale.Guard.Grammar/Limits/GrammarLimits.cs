namespace Microscale.Guard.Grammar;

/// <summary>What a grammar may cost. Where a limit is met, a <see cref="GrammarLimitException"/> says which. Immutable.</summary>
public sealed class GrammarLimits
{
    /// <summary>The defaults.</summary>
    public static GrammarLimits Default { get; } = new();

    /// <summary>How many nodes (of regular expressions and rules) a grammar may have. Default: 500,000.</summary>
    public int MaxGrammarSize { get; init; } = 500_000;

    /// <summary>How much work compiling may take, in units of roughly 50 ns (a derived regex node, an item of the parser).
    /// Default: 10,000,000.</summary>
    public int MaxCompileFuel { get; init; } = 10_000_000;

    /// <summary>How much new work one mask or one accepted token may take, in the same units; what is cached costs nothing.
    /// Default: 4,000,000.</summary>
    public int MaxStepFuel { get; init; } = 4_000_000;

    /// <summary>How many items the parser may have at one position. Default: 20,000.</summary>
    public int MaxItems { get; init; } = 20_000;

    /// <summary>How many states are cached for a grammar before the cache starts anew; this bounds memory, and is no error.
    /// Default: 50,000.</summary>
    public int MaxCachedStates { get; init; } = 50_000;

    internal GrammarLimits Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGrammarSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCompileFuel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStepFuel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxItems, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCachedStates, 1);
        return this;
    }
}
