namespace Microscale.Guard;

/// <summary>How a piece of evidence came into the conversation.</summary>
public enum EvidenceProvenance
{
    /// <summary>An <see cref="IEvidenceSource"/> found it.</summary>
    Retrieved,

    /// <summary>A tool returned it (<see cref="Microsoft.Extensions.AI.FunctionResultContent"/>).</summary>
    ToolResult,

    /// <summary>The caller marked it with <see cref="EvidenceContentExtensions.AsEvidence"/>.</summary>
    Caller,
}
