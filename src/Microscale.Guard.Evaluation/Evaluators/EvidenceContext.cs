using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>Passages that a response is checked against, for <see cref="VerifierEvaluator"/>.</summary>
public sealed class EvidenceContext : EvaluationContext
{
    /// <summary>The name of this context in results.</summary>
    public const string ContextName = "Evidence";

    /// <summary>Creates the context.</summary>
    /// <param name="evidence">The passages.</param>
    public EvidenceContext(params IEnumerable<Evidence> evidence)
        : this([.. evidence])
    {
    }

    private EvidenceContext(Evidence[] evidence)
        : base(ContextName, evidence.Select(e => new TextContent(e.Text))) => Evidence = evidence;

    /// <summary>The passages.</summary>
    public IReadOnlyList<Evidence> Evidence { get; }
}
