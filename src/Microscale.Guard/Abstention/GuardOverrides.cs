using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What one request wants otherwise than the guard is set. What is null stays as it is set.</summary>
/// <remarks>Travels in the options of the request as text, so that it survives clones, serializing agents and the keys of
/// caches. See <see cref="GuardChatOptionsExtensions.WithGuard"/>.</remarks>
public sealed class GuardOverrides
{
    /// <summary>The lowest confidence that is delivered, from 0 to 1: in place of <see cref="ConfidenceThresholdPolicy.Minimum"/>,
    /// or, where the policy has no such threshold, in addition to the policy.</summary>
    public double? MinimumConfidence { get; set; }

    /// <summary>The name of a policy in <see cref="AbstentionOptions.NamedPolicies"/>, in place of the one that is set.</summary>
    public string? Policy { get; set; }

    /// <summary>As <see cref="AbstentionOptions.MaxRepairs"/>.</summary>
    public int? MaxRepairs { get; set; }

    /// <summary>As <see cref="AbstentionOptions.MaxCandidates"/>.</summary>
    public int? MaxCandidates { get; set; }

    /// <summary>As <see cref="AbstentionOptions.RemoveUnsupported"/>.</summary>
    public bool? RemoveUnsupported { get; set; }

    /// <summary>False asks no other client when no draft passed.</summary>
    public bool? Escalate { get; set; }

    /// <summary>False seeks no evidence for the request. What the caller marked as evidence and what tools return still
    /// counts.</summary>
    public bool? Ground { get; set; }

    /// <summary>False saves the scoring. A policy that needs the confidence then withholds the answer.</summary>
    public bool? Score { get; set; }

    /// <summary>False saves the verification. A policy that needs verdicts then withholds the answer.</summary>
    public bool? Verify { get; set; }

    /// <summary>As <see cref="AbstentionOptions.Language"/>.</summary>
    public string? Language { get; set; }

    internal void Validate()
    {
        if (MinimumConfidence is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentException($"{nameof(GuardOverrides)}.{nameof(MinimumConfidence)} is {MinimumConfidence}: set it from 0 to 1.");
        }

        foreach (var (name, count) in ((string, int?)[])[(nameof(MaxRepairs), MaxRepairs), (nameof(MaxCandidates), MaxCandidates)])
        {
            if (count is < 0 or > 10)
            {
                throw new ArgumentException($"{nameof(GuardOverrides)}.{name} is {count}: set it from 0 to 10.");
            }
        }
    }

    internal static GuardOverrides? Read(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.Overrides, out var value) is true
            ? (value switch
            {
                string json => JsonSerializer.Deserialize(json, GuardOverridesJsonContext.Default.GuardOverrides),
                JsonElement { ValueKind: JsonValueKind.String } e => JsonSerializer.Deserialize(e.GetString()!, GuardOverridesJsonContext.Default.GuardOverrides),
                _ => null,
            }) ?? throw new InvalidOperationException(
                $"'{GuardPropertyNames.Overrides}' in the options of the request is not what {nameof(GuardChatOptionsExtensions.WithGuard)} writes: set it by that method only.")
            : null;

    internal void Write(ChatOptions options) => (options.AdditionalProperties ??= [])[GuardPropertyNames.Overrides] =
        JsonSerializer.Serialize(this, GuardOverridesJsonContext.Default.GuardOverrides);
}

/// <summary>Source-generated serialization of <see cref="GuardOverrides"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GuardOverrides))]
internal sealed partial class GuardOverridesJsonContext : JsonSerializerContext;
