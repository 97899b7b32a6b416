namespace Microscale.Guard.AspNetCore;

/// <summary>What a person says of a decision.</summary>
internal static class FeedbackLabel
{
    /// <summary>The answer was right, or it was right to withhold it.</summary>
    public const string Right = "right";

    /// <summary>An answer that was given is wrong.</summary>
    public const string Wrong = "wrong";

    /// <summary>An answer that was withheld was right.</summary>
    public const string ShouldHaveAnswered = "should_have_answered";

    /// <summary>Whether a label says anything of a decision.</summary>
    public static bool Fits(string label, string decision) => label switch
    {
        Right => true,
        Wrong => !IsAbstention(decision),
        ShouldHaveAnswered => IsAbstention(decision),
        _ => false,
    };

    /// <summary>Whether the judged text is right: a withheld one is what the label of its abstention denies.</summary>
    public static bool IsCorrect(string label, string decision) =>
        label == ShouldHaveAnswered || (label == Right && !IsAbstention(decision));

    private static bool IsAbstention(string decision) => decision == "abstained";
}
