namespace Microscale.Guard.Grammar;

/// <summary>What the reason of an abstention may be.</summary>
public sealed class AnswerOrAbstainOptions
{
    /// <summary>How many characters a free reason may have. Default: 200.</summary>
    public int MaxReasonLength { get; set; } = 200;

    /// <summary>The reasons to choose from; empty for free text. Default: empty.</summary>
    public IList<string> Reasons { get; } = [];

    internal Func<RegexBuilder, RegexNode> Reason()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReasonLength, 1);
        string[] reasons = [.. Reasons];
        var length = MaxReasonLength;
        return regexes => reasons.Length > 0
            ? regexes.Literals(reasons)
            : regexes.Repeat(regexes.CodePoints(TextCapacity.PlainText), 1, length);
    }
}
