using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>A subschema and where it lies.</summary>
/// <param name="Element">A JSON object, true or false.</param>
/// <param name="Pointer">Its JSON pointer in the document.</param>
/// <param name="Resource">What its references are relative to.</param>
/// <param name="Identity">Equal for subschemas that mean the same by their text alone.</param>
internal sealed record SchemaNode(JsonElement Element, string Pointer, SchemaResource Resource, int Identity)
{
    public bool TryGet(string keyword, out JsonElement value)
    {
        value = default;
        return Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(keyword, out value);
    }
}

/// <summary>A document or a part of one that has an identifier of its own.</summary>
internal sealed class SchemaResource(Uri address, JsonElement root, string pointer, SchemaDialect dialect)
{
    public Uri Address { get; } = address;

    public JsonElement Root { get; } = root;

    public string Pointer { get; } = pointer;

    public SchemaDialect Dialect { get; } = dialect;

    /// <summary>The pointers of its anchors.</summary>
    public Dictionary<string, string> Anchors { get; } = new(StringComparer.Ordinal);
}

/// <summary>The drafts, as far as they differ in meaning.</summary>
internal enum SchemaDialect
{
    /// <summary>Identifiers are <c>id</c>, and <c>$ref</c> hides its siblings.</summary>
    Draft4,

    /// <summary><c>$ref</c> hides its siblings.</summary>
    Draft7,

    /// <summary>2019-09, 2020-12, or none named.</summary>
    Draft2020,
}
