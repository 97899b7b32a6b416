using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.AspNetCore;

/// <summary>What a person says of a decision.</summary>
/// <param name="Label">One of <see cref="FeedbackLabel"/>; null takes it back.</param>
internal sealed record Feedback(string? Label);

/// <summary>Why a request of the page was not served.</summary>
internal sealed record Refusal(string Error);

/// <summary>Source-generated serialization of what the page reads and sends.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DashboardSummary))]
[JsonSerializable(typeof(List<DecisionRow>))]
[JsonSerializable(typeof(DecisionView))]
[JsonSerializable(typeof(Feedback))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class DashboardJsonContext : JsonSerializerContext;
