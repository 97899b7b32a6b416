namespace Microscale.Guard;

/// <summary>A field was to be chosen from the evidence, and the evidence offers nothing for it. An <see cref="AbstentionChatClient"/> in
/// the chain abstains instead (<see cref="GuardReason.NoEvidence"/>).</summary>
public sealed class EvidenceChoiceException : InvalidOperationException
{
    /// <summary>Creates an exception without a property.</summary>
    public EvidenceChoiceException()
    {
    }

    /// <summary>Creates an exception without a property.</summary>
    /// <param name="message">What is wrong.</param>
    public EvidenceChoiceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception without a property.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public EvidenceChoiceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    private EvidenceChoiceException(string message, string property)
        : base(message) => Property = property;

    /// <summary>The property that has nothing to choose from, as it was given.</summary>
    public string Property { get; } = "";

    internal static EvidenceChoiceException For(IEnumerable<string> path)
    {
        var property = string.Join('.', path);
        return new(
            $"The evidence offers nothing to choose '{property}' from: ground the request, mark evidence with AsEvidence, make the property nullable or optional "
            + "so that it can stay empty, or put an AbstentionChatClient into the chain, which abstains.",
            property);
    }
}
