using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>A structured answer that passed the guard, or none: never one that was withheld, cut or cannot be read.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed class GuardedResult<T>
{
    internal GuardedResult(ChatResponse<T> response)
    {
        Response = response;
        Report = response.GetGuardReport() ?? new();
        Decision = Report.Decision ?? throw new InvalidOperationException(
            $"The response was not decided on by a guard: put {nameof(HallucinationGuardChatClientBuilderExtensions.UseHallucinationGuard)} or {nameof(AbstentionChatClientBuilderExtensions.UseAbstention)} into the pipeline.");
        if (Decision == GuardDecision.Abstained)
        {
            return;
        }

        HasValue = response.TryGetResult(out var value) && value is not null;
        Value = HasValue ? value : default;
    }

    /// <summary>What the guard did.</summary>
    public GuardDecision Decision { get; }

    /// <summary>The judgement; says why when there is no value.</summary>
    public GuardReport Report { get; }

    /// <summary>Whether there is an answer. There is none when the guard abstained, or when what it delivered is no JSON of
    /// <typeparamref name="T"/>.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool HasValue { get; }

    /// <summary>The answer; the default of <typeparamref name="T"/> when there is none.</summary>
    public T? Value { get; }

    /// <summary>The response; its text says why when the guard abstained.</summary>
    public ChatResponse<T> Response { get; }
}
