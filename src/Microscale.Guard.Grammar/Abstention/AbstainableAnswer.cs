namespace Microscale.Guard.Grammar;

/// <summary>What a text of <see cref="AnswerOrAbstain"/> says: exactly one of the two is there.</summary>
/// <param name="Answer">The answer: JSON where the answers are JSON, plain text otherwise.</param>
/// <param name="Reason">Why there is no answer.</param>
public sealed record AbstainableAnswer(string? Answer, string? Reason)
{
    /// <summary>Whether the model said that it does not know.</summary>
    public bool IsAbstention => Answer is null;
}
