using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Samples.WebChat;

/// <summary>What the server says while an answer comes: a line of JSON each.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TextReleased), "text")]
[JsonDerivedType(typeof(AnswerJudged), "judged")]
[JsonDerivedType(typeof(AnswerEnded), "end")]
[JsonDerivedType(typeof(AnswerFailed), "failed")]
internal abstract record ChatEvent;

/// <summary>A piece of the answer that the guard has released.</summary>
internal sealed record TextReleased(string Text) : ChatEvent;

/// <summary>The verdicts so far.</summary>
internal sealed record AnswerJudged(IReadOnlyList<JudgedClaim> Claims) : ChatEvent;

/// <summary>The whole judgement.</summary>
/// <param name="Text">The text that was delivered, whole.</param>
/// <param name="Decision">Delivered, repaired, escalated or abstained.</param>
/// <param name="Reason">Why the first draft was withheld; <c>none</c> where it was not.</param>
/// <param name="Confidence">0 to 1; null when it could not be scored.</param>
/// <param name="Claims">The claims of the text; after an abstention none, because they are those of the draft.</param>
/// <param name="Withheld">How many claims of the withheld draft had which verdict; null unless the guard abstained.</param>
/// <param name="Passages">The evidence, in the order of its numbers.</param>
/// <param name="Cited">The places in <paramref name="Passages"/> that the text cites.</param>
/// <param name="Milliseconds">From the question to here.</param>
/// <param name="TraceId">The trace that the request belongs to.</param>
internal sealed record AnswerEnded(
    string Text,
    string Decision,
    string Reason,
    double? Confidence,
    IReadOnlyList<JudgedClaim> Claims,
    VerdictCounts? Withheld,
    IReadOnlyList<ShownPassage> Passages,
    IReadOnlyList<int> Cited,
    double Milliseconds,
    string? TraceId) : ChatEvent;

/// <summary>The answer could not be made.</summary>
internal sealed record AnswerFailed(string Message) : ChatEvent;

/// <summary>A claim, where it stands in the text, and what was found.</summary>
/// <param name="Start">The first UTF-16 unit.</param>
/// <param name="Length">How many units.</param>
/// <param name="Verdict">Supported, contradicted or unverifiable.</param>
/// <param name="Explanation">What the verifier says; null for nothing.</param>
/// <param name="Passage">The place of the passage that decided, from 0; null for none.</param>
internal sealed record JudgedClaim(int Start, int Length, string Verdict, string? Explanation, int? Passage);

internal sealed record VerdictCounts(int Supported, int Contradicted, int Unverifiable);

/// <summary>A passage, as the page shows it.</summary>
internal sealed record ShownPassage(string? Title, string? Url, string Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatEvent))]
internal sealed partial class ChatJsonContext : JsonSerializerContext;
