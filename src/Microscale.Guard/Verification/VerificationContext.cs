using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a verifier judges, and by what.</summary>
/// <param name="Claims">The claims to judge; never empty.</param>
/// <param name="Evidence">All evidence of the request; empty when there is none. A list that does not change: verifiers remember
/// what they made of it.</param>
/// <param name="Question">The words of the last user turn; empty when there are none. What the question presumes is not
/// evidence.</param>
public sealed record VerificationContext(IReadOnlyList<Claim> Claims, IReadOnlyList<Evidence> Evidence, string Question)
{
    private readonly UsageMeter _usage = new();

    /// <summary>The answer that the claims are of: the whole of a buffered one, and of a streamed one what has come up to the
    /// end of the last claim.</summary>
    /// <value>The default value is empty.</value>
    public string Answer { get; init; } = "";

    /// <summary>The messages that are answered; the same list for all claims of an answer.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>What the verifiers spent on these claims so far; null when nothing.</summary>
    public UsageDetails? Usage => _usage.Total;

    /// <summary>Counts tokens that a verifier spent: they are added to the usage of the response, whatever comes of the
    /// verifier.</summary>
    /// <param name="usage">The tokens; null for none or unknown.</param>
    /// <param name="modelId">The model that spent them, for telemetry; null when it is not known.</param>
    public void AddUsage(UsageDetails? usage, string? modelId = null) => _usage.Add(usage, modelId);

    /// <summary>What was spent so far, call by call.</summary>
    internal ImmutableArray<(UsageDetails Usage, string? ModelId)> Spent => _usage.Calls;

    /// <summary>Shared by copies of a context. Safe for concurrent callers.</summary>
    private sealed class UsageMeter
    {
        private ImmutableArray<(UsageDetails Usage, string? ModelId)> _calls = [];

        public ImmutableArray<(UsageDetails Usage, string? ModelId)> Calls => _calls;

        public UsageDetails? Total
        {
            get
            {
                UsageDetails? sum = null;
                foreach (var (usage, _) in _calls)
                {
                    sum = UsageSum.Of(sum, usage);
                }

                return sum;
            }
        }

        public void Add(UsageDetails? usage, string? modelId)
        {
            if (UsageSum.Of(usage) is { } own)
            {
                ImmutableInterlocked.Update(ref _calls, static (calls, call) => calls.Add(call), (own, modelId));
            }
        }
    }
}
