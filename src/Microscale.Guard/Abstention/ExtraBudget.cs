using System.Globalization;

namespace Microscale.Guard;

/// <summary>What the attempts after the first draft may cost together. An attempt is taken to cost what the first draft did:
/// it begins only where that still fits. Not safe for concurrent use.</summary>
internal sealed class ExtraBudget(AbstentionOptions options, GuardRequest request, GuardDraft first)
{
    /// <summary>Characters of a token where a model does not say what it spent; on the safe side of the four of English.</summary>
    private const int CharactersPerToken = 3;

    private readonly long _started = options.TimeProvider.GetTimestamp();
    private readonly long _estimate = Math.Max(1, Cost(request, first));
    private long _spent;

    /// <summary>How long an attempt may take that begins now.</summary>
    public TimeSpan TimeLeft => options.MaxExtraTime is { } max
        ? TimeSpan.FromTicks(Math.Max(0, (max - options.TimeProvider.GetElapsedTime(_started)).Ticks))
        : Timeout.InfiniteTimeSpan;

    /// <summary>How many of the attempts that are wanted fit.</summary>
    public int Allow(int wanted) =>
        TimeLeft == TimeSpan.Zero ? 0
        : options.MaxExtraTokens is { } max ? (int)Math.Clamp((max - _spent) / _estimate, 0, wanted)
        : wanted;

    public void Spend(GuardDraft draft) => _spent += Cost(request, draft);

    public GuardFault ToFault(GuardAttemptKind kind) => new(
        GuardStage.Abstention,
        kind.ToString(),
        "budget",
        string.Create(CultureInfo.InvariantCulture, $"The budget for further attempts was spent: {_spent} of {options.MaxExtraTokens?.ToString(CultureInfo.InvariantCulture) ?? "any number of"} tokens, {options.TimeProvider.GetElapsedTime(_started)} of {options.MaxExtraTime?.ToString("c", CultureInfo.InvariantCulture) ?? "any time"}."));

    private static long Cost(GuardRequest request, GuardDraft draft) => draft.Response.Usage switch
    {
        { TotalTokenCount: { } total } => total,
        { InputTokenCount: var input, OutputTokenCount: var output } when input is not null || output is not null => (input ?? 0) + (output ?? 0),
        _ => (request.Messages.Sum(m => m.Text.Length) + draft.Response.Text.Length) / CharactersPerToken,
    };
}
