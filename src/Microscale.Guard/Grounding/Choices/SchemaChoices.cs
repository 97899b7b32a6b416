using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microscale.Guard;

/// <summary>Writes values to choose from into a copy of a JSON schema.</summary>
internal sealed class SchemaChoices(JsonElement schema)
{
    private const string Null = "null";

    private static readonly string[] s_alternatives = ["anyOf", "oneOf", "allOf"];

    private readonly JsonObject _root = schema.ValueKind == JsonValueKind.Object
        ? JsonObject.Create(schema.Clone())!.DeepClone().AsObject()
        : throw new ArgumentException("ChooseFromEvidence needs a schema with properties: the schema of the request is only true or false.", nameof(schema));

    /// <summary>The schema with all choices.</summary>
    public JsonElement ToSchema() => JsonElement.Parse(_root.ToJsonString());

    /// <summary>Lets the string at a place be one of some values only.</summary>
    /// <param name="path">The names of the properties that lead there.</param>
    /// <param name="terms">The values.</param>
    /// <exception cref="EvidenceChoiceException">There is no value, and the place cannot be empty.</exception>
    /// <exception cref="ArgumentException">The schema has no such property.</exception>
    public void Bind(IReadOnlyList<string> path, IReadOnlyList<string> terms)
    {
        if (!Enter(_root, path, 0, terms))
        {
            throw new ArgumentException(
                $"The schema of the request has no property '{string.Join('.', path)}' to choose from the evidence: give the names as they are in the JSON.");
        }
    }

    private bool Enter(JsonNode? node, IReadOnlyList<string> path, int depth, IReadOnlyList<string> terms)
    {
        if (node is not JsonObject part)
        {
            return false;
        }

        Inline(part);
        var found = false;
        foreach (var member in s_alternatives.Select(name => part[name]).OfType<JsonArray>().SelectMany(members => members))
        {
            found |= Enter(member, path, depth, terms);
        }

        found |= part["items"] is { } items && Enter(items, path, depth, terms);
        if (part["properties"] is not JsonObject properties || properties[path[depth]] is not { } property)
        {
            return found;
        }

        if (depth + 1 < path.Count)
        {
            return Enter(property, path, depth + 1, terms) || found;
        }

        if (property is not JsonObject leaf || !Choose(leaf, terms))
        {
            // Nothing can be chosen: the property stays away if it may.
            if (part["required"] is JsonArray required && required.Any(name => Text(name) == path[depth]))
            {
                throw EvidenceChoiceException.For(path);
            }

            properties[path[depth]] = JsonValue.Create(false);
        }

        return true;
    }

    /// <summary>Narrows a value to the terms; whether anything is left.</summary>
    private bool Choose(JsonObject leaf, IReadOnlyList<string> terms)
    {
        Inline(leaf);
        foreach (var members in s_alternatives.Take(2).Select(name => leaf[name]).OfType<JsonArray>())
        {
            foreach (var member in members.OfType<JsonObject>().Where(m => Text(m["type"]) != Null && !Choose(m, terms)).ToList())
            {
                members.Remove(member);
            }

            return members.Count > 0;
        }

        if (leaf["items"] is JsonObject items)
        {
            if (!Choose(items, terms))
            {
                leaf["maxItems"] = 0;
            }

            return leaf["minItems"] is not { } least || terms.Count > 0 || least.GetValue<int>() == 0;
        }

        var values = leaf["enum"] is JsonArray known ? terms.Where(term => known.Any(k => Text(k) == term)) : terms;
        var choices = new JsonArray([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);
        if (AllowsNull(leaf))
        {
            choices.Add((JsonNode?)null);
        }

        leaf["enum"] = choices;
        return choices.Count > 0;
    }

    private static bool AllowsNull(JsonObject leaf) => leaf["type"] is JsonArray types && types.Any(type => Text(type) == Null);

    /// <summary>Puts what a reference means in its place, as other places may refer to it too.</summary>
    private void Inline(JsonObject part)
    {
        for (var hops = 0; hops < 16 && Text(part["$ref"]) is { } reference && Find(reference) is JsonObject target; hops++)
        {
            part.Remove("$ref");
            foreach (var (name, value) in target.DeepClone().AsObject().ToList())
            {
                if (!part.ContainsKey(name))
                {
                    part[name] = value?.DeepClone();
                }
            }
        }
    }

    private JsonNode? Find(string reference)
    {
        if (reference.Length == 0 || reference[0] != '#')
        {
            return null;
        }

        JsonNode? node = _root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject part => part[name],
                JsonArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
