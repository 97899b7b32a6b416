using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Evidence travels in the messages: these members mark it there and read it back.</summary>
/// <remarks>The marks are primitive values in <see cref="AIContent.AdditionalProperties"/>, so that they survive
/// serialization. Text alone can never become evidence: what a user or a document writes carries no mark.</remarks>
public static class EvidenceContentExtensions
{
    /// <summary>Marks a text of the caller's as evidence for the answer.</summary>
    /// <param name="content">The text; it is changed and returned.</param>
    /// <param name="id">Names it among the evidence; by default the text's own hash.</param>
    /// <param name="source">Where it comes from, for a person to read.</param>
    /// <param name="url">The source's address.</param>
    /// <returns><paramref name="content"/>, marked.</returns>
    public static TextContent AsEvidence(this TextContent content, string? id = null, string? source = null, Uri? url = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        id ??= "caller-" + Fnv1A.Hash(content.Text).ToString("x8", CultureInfo.InvariantCulture);
        return content.Mark(new Evidence(id, content.Text) { Source = source, Url = url, Provenance = EvidenceProvenance.Caller });
    }

    /// <summary>All evidence in a conversation: marked content and tool results, in order, without repeated ids.</summary>
    /// <param name="messages">The conversation.</param>
    public static IReadOnlyList<Evidence> GetEvidence(this IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<Evidence>? found = null;
        AddEvidence(ref found, messages);
        return (IReadOnlyList<Evidence>?)found ?? [];
    }

    /// <summary>All evidence of a request and of the response to it.</summary>
    internal static IReadOnlyList<Evidence> GetEvidence(IReadOnlyList<ChatMessage> messages, IList<ChatMessage> answer)
    {
        List<Evidence>? found = null;
        AddEvidence(ref found, messages);
        AddEvidence(ref found, answer);
        return (IReadOnlyList<Evidence>?)found ?? [];
    }

    /// <summary>Writes the marks of a piece of evidence on the content that shows it to the model.</summary>
    internal static TextContent Mark(this TextContent content, Evidence evidence)
    {
        var properties = content.AdditionalProperties ??= [];
        properties[GuardPropertyNames.EvidenceId] = evidence.Id;
        properties[GuardPropertyNames.EvidenceText] = evidence.Text;
        properties[GuardPropertyNames.EvidenceProvenance] = Enum.GetName(evidence.Provenance);
        SetIfPresent(properties, GuardPropertyNames.EvidenceSource, evidence.Source);
        SetIfPresent(properties, GuardPropertyNames.EvidenceUrl, evidence.Url?.OriginalString);
        SetIfPresent(properties, GuardPropertyNames.EvidenceScore, evidence.Score);
        return content;
    }

    /// <summary>The evidence that a content carries, or null.</summary>
    internal static Evidence? GetEvidence(this AIContent content) => content switch
    {
        FunctionResultContent { Result: { } result, Exception: null } call => FromToolResult(call.CallId, result),
        { AdditionalProperties: { } properties } when ReadString(properties, GuardPropertyNames.EvidenceId) is { } id => new Evidence(
            id,
            ReadString(properties, GuardPropertyNames.EvidenceText) ?? (content as TextContent)?.Text ?? "")
        {
            Source = ReadString(properties, GuardPropertyNames.EvidenceSource),
            Url = Uri.TryCreate(ReadString(properties, GuardPropertyNames.EvidenceUrl), UriKind.RelativeOrAbsolute, out var url) ? url : null,
            Score = ReadDouble(properties, GuardPropertyNames.EvidenceScore),
            Provenance = ProvenanceOf(properties),
        },
        _ => null,
    };

    /// <summary>Whether a content is marked as evidence (a tool result is evidence too, but carries no mark).</summary>
    internal static bool IsMarkedAsEvidence(this AIContent content) =>
        content.AdditionalProperties?.ContainsKey(GuardPropertyNames.EvidenceId) is true;

    /// <summary>Whether a content is evidence that a grounding retrieved.</summary>
    internal static bool IsRetrieved(this AIContent content) =>
        content.IsMarkedAsEvidence() && ProvenanceOf(content.AdditionalProperties!) == EvidenceProvenance.Retrieved;

    private static EvidenceProvenance ProvenanceOf(AdditionalPropertiesDictionary properties) =>
        Enum.TryParse<EvidenceProvenance>(ReadString(properties, GuardPropertyNames.EvidenceProvenance), out var provenance)
            ? provenance
            : EvidenceProvenance.Caller;

    private static void AddEvidence(ref List<Evidence>? found, IEnumerable<ChatMessage> messages)
    {
        if (messages is IList<ChatMessage> list)
        {
            // Read several times a request: no enumerator.
            for (var i = 0; i < list.Count; i++)
            {
                AddEvidence(ref found, list[i]);
            }
        }
        else
        {
            foreach (var message in messages)
            {
                AddEvidence(ref found, message);
            }
        }
    }

    private static void AddEvidence(ref List<Evidence>? found, ChatMessage message)
    {
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i].GetEvidence() is { } evidence && !HasId(found, evidence.Id))
            {
                (found ??= new(1)).Add(evidence);
            }
        }
    }

    private static bool HasId(List<Evidence>? found, string id)
    {
        for (var i = 0; i < found?.Count; i++)
        {
            if (found[i].Id == id)
            {
                return true;
            }
        }

        return false;
    }

    private static Evidence? FromToolResult(string callId, object result)
    {
        var text = result switch
        {
            string s => s,
            JsonElement { ValueKind: JsonValueKind.String } e => e.GetString()!,
            JsonElement e => e.GetRawText(),
            TextContent t => t.Text,
            _ => result.ToString(),
        };
        return string.IsNullOrWhiteSpace(text)
            ? null
            : new Evidence("tool-" + callId, text) { Source = "tool result", Provenance = EvidenceProvenance.ToolResult };
    }

    private static void SetIfPresent(AdditionalPropertiesDictionary properties, string name, object? value)
    {
        if (value is not null)
        {
            properties[name] = value;
        }
    }

    private static string? ReadString(AdditionalPropertiesDictionary properties, string name) =>
        properties.TryGetValue(name, out var value)
            ? value switch
            {
                string s => s,
                JsonElement { ValueKind: JsonValueKind.String } e => e.GetString(),
                _ => null,
            }
            : null;

    private static double? ReadDouble(AdditionalPropertiesDictionary properties, string name) =>
        properties.TryGetValue(name, out var value)
            ? value switch
            {
                double d => d,
                JsonElement { ValueKind: JsonValueKind.Number } e => e.GetDouble(),
                _ => null,
            }
            : null;
}
