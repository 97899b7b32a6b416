namespace Microscale.Guard;

/// <summary>What of the evidence can be chosen as a value.</summary>
public enum EvidenceTerms
{
    /// <summary>The names in its text: people, places, organisations, as far as capital letters tell.</summary>
    Names,

    /// <summary>The words in its text that hold a digit: numbers of orders, parts, documents, dates.</summary>
    Identifiers,

    /// <summary>The <see cref="Evidence.Id"/> of each passage.</summary>
    EvidenceIds,

    /// <summary>The <see cref="Evidence.Source"/> of each passage that has one.</summary>
    Sources,
}
