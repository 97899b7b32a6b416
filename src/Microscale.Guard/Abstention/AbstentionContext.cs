namespace Microscale.Guard;

/// <summary>What an abstention is about.</summary>
/// <param name="Question">The words of the last user turn; may be empty.</param>
/// <param name="Reason">Why the answer is withheld.</param>
/// <param name="Report">The judgement on the withheld draft.</param>
/// <param name="HasBegun">Whether the beginning of the answer was delivered already (in a stream): the text goes on
/// after it.</param>
public sealed record AbstentionContext(string Question, GuardReason Reason, GuardReport Report, bool HasBegun)
{
    /// <summary>The sentences to use, in the language of the request.</summary>
    /// <value>The default value is English.</value>
    public AbstentionTemplates Templates { get; init; } = AbstentionTemplates.English;
}
