namespace Microscale.Guard.Grammar;

/// <summary>The work that is left for the operation under way. Not safe for concurrent callers.</summary>
internal sealed class Fuel(GrammarLimits limits)
{
    private int _left = limits.MaxCompileFuel;
    private string _operation = "Compiling the grammar";
    private string _limit = nameof(GrammarLimits.MaxCompileFuel);

    public GrammarLimits Limits { get; } = limits.Validate();

    /// <summary>Begins a step of a matcher.</summary>
    public void BeginStep()
    {
        _left = Limits.MaxStepFuel;
        _operation = "A step of the grammar";
        _limit = nameof(GrammarLimits.MaxStepFuel);
    }

    public void Spend(int units)
    {
        _left -= units;
        if (_left < 0)
        {
            throw new GrammarLimitException(
                $"{_operation} takes more work than {nameof(GrammarLimits)}.{_limit} allows; simplify the grammar (nested or overlapping repetitions are the usual cause) or raise the limit.");
        }
    }
}
