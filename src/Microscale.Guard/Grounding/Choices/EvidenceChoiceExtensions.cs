using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Grounded choice: fields of an answer in JSON that can hold only what the evidence contains.</summary>
/// <remarks>
/// The values are found when the evidence is known, and become the enum of the field in the schema of the request. A model that
/// decodes under schemas then cannot write anything else; other answers are to be checked against the schema afterwards. A field
/// that may be null, or left out, is empty when the evidence offers nothing; with any other field the request ends in an
/// abstention or an <see cref="EvidenceChoiceException"/>, before a model is asked.
/// </remarks>
public static class EvidenceChoiceExtensions
{
    /// <summary>Lets a field be only what the evidence contains.</summary>
    /// <param name="options">The options of the request, which asks for JSON with a schema; they are changed and returned.</param>
    /// <param name="property">The name of the property in the JSON, after those that lead to it: "name", "customer.name". Of an
    /// array each item is meant.</param>
    /// <param name="terms">What of the evidence can be chosen.</param>
    /// <exception cref="ArgumentException">The property is blank, or <paramref name="terms"/> is no such value.</exception>
    public static ChatOptions ChooseFromEvidence(this ChatOptions options, string property, EvidenceTerms terms = EvidenceTerms.Names)
    {
        if (!Enum.IsDefined(terms))
        {
            throw new ArgumentOutOfRangeException(nameof(terms), terms, "Use a value of EvidenceTerms.");
        }

        return options.ChooseFromEvidence(property, evidence => EvidenceTermExtractor.Extract(evidence, terms));
    }

    /// <summary>Lets a field be only what a function finds in the evidence.</summary>
    /// <param name="options">The options of the request, which asks for JSON with a schema; they are changed and returned.</param>
    /// <param name="property">The name of the property in the JSON, after those that lead to it: "name", "customer.name". Of an
    /// array each item is meant.</param>
    /// <param name="select">The values that a passage offers. Must be safe for concurrent callers.</param>
    /// <exception cref="ArgumentException">The property is blank.</exception>
    public static ChatOptions ChooseFromEvidence(this ChatOptions options, string property, Func<Evidence, IEnumerable<string>> select)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(property);
        ArgumentNullException.ThrowIfNull(select);
        return Add(options, [new EvidenceChoice(property.Split('.'), select)]);
    }

    /// <summary>Lets the properties of a type that have a <see cref="FromEvidenceAttribute"/> be only what the evidence contains, also
    /// those of types within it.</summary>
    /// <typeparam name="T">The type of the answer, as in GetResponseAsync&lt;T&gt;.</typeparam>
    /// <param name="options">The options of the request; they are changed and returned.</param>
    /// <param name="serializerOptions">How the type is read from JSON; null for <see cref="AIJsonUtilities.DefaultOptions"/>, as
    /// GetResponseAsync has it.</param>
    /// <exception cref="ArgumentException">No property has the attribute.</exception>
    public static ChatOptions ChooseFromEvidence<T>(this ChatOptions options, JsonSerializerOptions? serializerOptions = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var choices = new List<EvidenceChoice>();
        Collect((serializerOptions ?? AIJsonUtilities.DefaultOptions).GetTypeInfo(typeof(T)), [], [], choices);
        return choices.Count > 0 ? Add(options, choices) : throw new ArgumentException(
            $"No property of {typeof(T).Name} has the attribute FromEvidence: add it to the properties that are to be chosen from the evidence.", nameof(options));
    }

    /// <summary>For model clients and boxes of a chain: puts the values that the evidence offers into the schema of a request.</summary>
    /// <param name="options">The options of the request; not changed.</param>
    /// <param name="messages">The conversation with its evidence.</param>
    /// <returns>The options for the model; the same where nothing is to be chosen.</returns>
    /// <exception cref="EvidenceChoiceException">The evidence offers nothing for a field that cannot be empty.</exception>
    /// <exception cref="ArgumentException">The request has no JSON schema, or the schema no such property.</exception>
    public static ChatOptions? ResolveEvidenceChoices(this ChatOptions? options, IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (Choices(options) is not { Count: > 0 } choices)
        {
            return options;
        }

        if (options!.ResponseFormat is not ChatResponseFormatJson { Schema: { } schema } format)
        {
            throw new ArgumentException(
                "ChooseFromEvidence needs an answer in JSON with a schema: set ChatOptions.ResponseFormat, or ask with GetResponseAsync<T>.", nameof(options));
        }

        var evidence = messages.GetEvidence();
        var bound = new SchemaChoices(schema);
        foreach (var choice in choices)
        {
            bound.Bind(choice.Path, choice.TermsOf(evidence));
        }

        options = options.Clone();
        options.AdditionalProperties!.Remove(GuardPropertyNames.EvidenceChoices);
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(bound.ToSchema(), format.SchemaName, format.SchemaDescription);
        return options;
    }

    private static IReadOnlyList<EvidenceChoice>? Choices(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.EvidenceChoices, out var value) is true ? value as IReadOnlyList<EvidenceChoice> : null;

    private static ChatOptions Add(ChatOptions options, IReadOnlyList<EvidenceChoice> choices)
    {
        // A new list: clones of the options share the old one.
        (options.AdditionalProperties ??= [])[GuardPropertyNames.EvidenceChoices] = (IReadOnlyList<EvidenceChoice>)[.. Choices(options) ?? [], .. choices];
        return options;
    }

    private static void Collect(JsonTypeInfo type, IReadOnlyList<string> path, HashSet<Type> open, List<EvidenceChoice> choices)
    {
        if (type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary && type.ElementType is { } element)
        {
            type = type.Options.GetTypeInfo(element);
        }

        if (type.Kind != JsonTypeInfoKind.Object || !open.Add(type.Type))
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            string[] place = [.. path, property.Name];
            if ((Attribute(property.AttributeProvider) ?? Attribute(property.AssociatedParameter?.AttributeProvider)) is { } attribute)
            {
                choices.Add(new EvidenceChoice(place, evidence => EvidenceTermExtractor.Extract(evidence, attribute.Terms)));
            }
            else
            {
                Collect(type.Options.GetTypeInfo(property.PropertyType), place, open, choices);
            }
        }

        open.Remove(type.Type);
    }

    private static FromEvidenceAttribute? Attribute(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(typeof(FromEvidenceAttribute), inherit: true) is [FromEvidenceAttribute attribute, ..] ? attribute : null;
}
