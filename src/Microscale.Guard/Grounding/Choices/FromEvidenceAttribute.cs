namespace Microscale.Guard;

/// <summary>Says of a property of an answer's type that it can hold only what the evidence contains; read by
/// <see cref="EvidenceChoiceExtensions.ChooseFromEvidence{T}"/>.</summary>
/// <param name="terms">What of the evidence is meant.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class FromEvidenceAttribute(EvidenceTerms terms = EvidenceTerms.Names) : Attribute
{
    /// <summary>What of the evidence is meant.</summary>
    public EvidenceTerms Terms { get; } = terms;
}
