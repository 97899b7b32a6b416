namespace Microscale.Guard;

/// <summary>The keys under which the guard writes into AdditionalProperties of messages, options and responses.</summary>
internal static class GuardPropertyNames
{
    public const string Report = "microscale.guard.report";
    public const string LogProbabilities = "microscale.guard.log_probabilities";
    public const string TopLogProbabilities = "microscale.guard.top_log_probabilities";
    public const string GroundingOutcome = "microscale.guard.grounding_outcome";
    /// <summary>The grammar of an answer; Microscale.Guard.Grammar writes it.</summary>
    public const string Grammar = "microscale.guard.grammar";

    public const string EvidenceChoices = "microscale.guard.evidence_choices";
    public const string BypassReason = "microscale.guard.bypass_reason";
    public const string Overrides = "microscale.guard.overrides";

    /// <summary>Marks text that the guard itself put into a message: neither question nor evidence.</summary>
    public const string Instruction = "microscale.guard.instruction";

    public const string CitationEvidenceId = "microscale.guard.citation.evidence_id";
    public const string CitationNumber = "microscale.guard.citation.number";
    public const string CitationVerified = "microscale.guard.citation.verified";
    public const string CitationStart = "microscale.guard.citation.start";
    public const string CitationLength = "microscale.guard.citation.length";

    public const string EvidenceId = "microscale.guard.evidence.id";
    public const string EvidenceText = "microscale.guard.evidence.text";
    public const string EvidenceSource = "microscale.guard.evidence.source";
    public const string EvidenceUrl = "microscale.guard.evidence.url";
    public const string EvidenceScore = "microscale.guard.evidence.score";
    public const string EvidenceProvenance = "microscale.guard.evidence.provenance";
}
