using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The subschemas of a schema by their pointers, its embedded resources and anchors.</summary>
internal sealed class SchemaDocument
{
    private const int MaxDepth = 128;
    private static readonly Uri s_defaultAddress = new("https://schema.invalid/");

    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _dynamicAnchors = new(StringComparer.Ordinal);
    private readonly CompileContext _context;
    private int _count;

    public SchemaDocument(JsonElement schema, CompileContext context)
    {
        _context = context;
        var resource = new SchemaResource(s_defaultAddress, schema, "", DialectOf(schema, "", SchemaDialect.Draft2020));
        _resources[s_defaultAddress.AbsoluteUri] = resource;
        Root = Index(schema, "", resource, 0);
    }

    public SchemaNode Root { get; }

    public SchemaNode Child(SchemaNode parent, string keyword, JsonElement element) =>
        At(Join(parent.Pointer, keyword), element, parent.Resource);

    public SchemaNode Child(SchemaNode parent, string keyword, string name, JsonElement element) =>
        At(Join(Join(parent.Pointer, keyword), name), element, parent.Resource);

    public SchemaNode Child(SchemaNode parent, string keyword, int index, JsonElement element) =>
        At($"{Join(parent.Pointer, keyword)}/{index}", element, parent.Resource);

    /// <summary>What a reference points to; only within the document.</summary>
    public SchemaNode Resolve(SchemaNode from, string keyword, string reference)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string address = hash < 0 ? reference : reference[..hash];
        string fragment = hash < 0 ? "" : reference[(hash + 1)..];
        try
        {
            fragment = Uri.UnescapeDataString(fragment);
        }
        catch (UriFormatException)
        {
            throw Unresolved(from, keyword, reference);
        }

        var resource = from.Resource;
        if (address.Length > 0)
        {
            if (!Uri.TryCreate(from.Resource.Address, address, out var absolute)
                || !_resources.TryGetValue(absolute.AbsoluteUri, out var found))
            {
                throw new JsonSchemaException(keyword, from.Pointer,
                    $"'{reference}' is not in the document, and nothing is fetched; put the schema under $defs");
            }

            resource = found;
        }

        if (fragment.Length == 0) return _nodes[resource.Pointer];
        if (fragment[0] != '/')
        {
            return resource.Anchors.TryGetValue(fragment, out string? pointer)
                ? _nodes[pointer]
                : throw Unresolved(from, keyword, reference);
        }

        return Walk(from, keyword, reference, resource, fragment);
    }

    /// <summary>
    /// A dynamic reference, where it can only mean one thing: its target is no dynamic anchor, or the only one of its name.
    /// </summary>
    public SchemaNode ResolveDynamic(SchemaNode from, string reference)
    {
        var target = Resolve(from, "$dynamicRef", reference);
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string anchor = hash < 0 ? "" : reference[(hash + 1)..];
        bool dynamic = target.TryGet("$dynamicAnchor", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() == anchor;
        return dynamic && _dynamicAnchors[anchor] > 1
            ? throw new JsonSchemaException("$dynamicRef", from.Pointer, "it depends on how it was reached; use $ref")
            : target;
    }

    private SchemaNode Walk(SchemaNode from, string keyword, string reference, SchemaResource resource, string fragment)
    {
        var element = resource.Root;
        string pointer = resource.Pointer;
        foreach (string token in fragment[1..].Split('/').Select(Unescape))
        {
            bool found = element.ValueKind switch
            {
                JsonValueKind.Object => element.TryGetProperty(token, out element),
                JsonValueKind.Array => TryIndex(ref element, token),
                _ => false,
            };
            if (!found) throw Unresolved(from, keyword, reference);

            pointer = Join(pointer, token);
            if (_nodes.TryGetValue(pointer, out var known)) resource = known.Resource;
        }

        return At(pointer, element, resource);
    }

    private static bool TryIndex(ref JsonElement element, string token)
    {
        if (!int.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int index)
            || index >= element.GetArrayLength())
        {
            return false;
        }

        element = element[index];
        return true;
    }

    private SchemaNode At(string pointer, JsonElement element, SchemaResource resource) =>
        _nodes.TryGetValue(pointer, out var node) ? node : Index(element, pointer, resource, 0);

    private SchemaNode Index(JsonElement element, string pointer, SchemaResource resource, int depth)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
            throw new JsonSchemaException("schema", pointer, $"a schema is an object, true or false, not {element.ValueKind}");
        if (depth > MaxDepth)
            throw new JsonSchemaException("schema", pointer, $"schemas are nested more than {MaxDepth} deep; move parts to $defs");
        if (++_count > _context.Options.MaxSubschemas)
        {
            throw new JsonSchemaException("schema", pointer,
                $"there are more than {_context.Options.MaxSubschemas} subschemas; raise {nameof(JsonSchemaGrammarOptions.MaxSubschemas)} or simplify");
        }

        if (element.ValueKind != JsonValueKind.Object)
            return _nodes[pointer] = new SchemaNode(element, pointer, resource, Intern(element.ValueKind == JsonValueKind.True ? "{" : "false"));

        resource = ResourceOf(element, pointer, resource);
        AddAnchors(element, pointer, resource);
        var parts = new List<string>();
        foreach (var property in element.EnumerateObject())
        {
            string place = Join(pointer, property.Name);
            string? part = SchemaKeywords.ValueOf(property.Name) switch
            {
                KeywordValue.Schema => Part(property.Value, place, resource, depth),
                KeywordValue.SchemaList => List(property.Value, place, resource, depth),
                KeywordValue.SchemaOrList => property.Value.ValueKind == JsonValueKind.Array
                    ? List(property.Value, place, resource, depth)
                    : Part(property.Value, place, resource, depth),
                KeywordValue.SchemaMap or KeywordValue.Dependencies => Map(property.Name, property.Value, place, resource, depth),
                KeywordValue.Annotation => null,
                _ => property.Name is "$id" or "id" or "$schema" or "$anchor" or "$dynamicAnchor" ? null : Intern(property.Value.GetRawText()).ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
            if (part is not null) parts.Add($"{property.Name.Length}:{property.Name}={part}");
        }

        parts.Sort(StringComparer.Ordinal);
        // References mean different things in different resources.
        bool refers = element.TryGetProperty("$ref", out _) || element.TryGetProperty("$dynamicRef", out _);
        string text = (refers ? resource.Address.AbsoluteUri : "") + "{" + string.Join(',', parts);
        return _nodes[pointer] = new SchemaNode(element, pointer, resource, Intern(text));
    }

    private string Part(JsonElement value, string pointer, SchemaResource resource, int depth)
    {
        // A keyword of another vocabulary may use the same name for data; the keyword itself complains when it is used.
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False)) return value.GetRawText();
        return Index(value, pointer, resource, depth + 1).Identity.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string List(JsonElement value, string pointer, SchemaResource resource, int depth)
    {
        if (value.ValueKind != JsonValueKind.Array) return value.GetRawText();
        int index = 0;
        return "[" + string.Join(' ', value.EnumerateArray().Select(item => Part(item, $"{pointer}/{index++}", resource, depth))) + "]";
    }

    private string? Map(string keyword, JsonElement value, string pointer, SchemaResource resource, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object) return value.GetRawText();
        var parts = value.EnumerateObject()
            .Select(item => $"{item.Name.Length}:{item.Name}={Part(item.Value, Join(pointer, item.Name), resource, depth)}").ToList();
        return keyword is "$defs" or "definitions" ? null : "<" + string.Join(' ', parts) + ">";
    }

    private SchemaResource ResourceOf(JsonElement element, string pointer, SchemaResource parent)
    {
        var dialect = DialectOf(element, pointer, parent.Dialect);
        string keyword = dialect == SchemaDialect.Draft4 ? "id" : "$id";
        bool hidden = dialect != SchemaDialect.Draft2020 && element.TryGetProperty("$ref", out _);
        if (hidden || !element.TryGetProperty(keyword, out var id) || id.ValueKind != JsonValueKind.String) return parent;

        string text = id.GetString()!;
        if (text.StartsWith('#'))
        {
            parent.Anchors[text[1..]] = pointer;
            return parent;
        }

        if (!Uri.TryCreate(parent.Address, text.TrimEnd('#'), out var address)) return parent;

        var resource = new SchemaResource(address, element, pointer, dialect);
        _resources[address.AbsoluteUri] = resource;
        return resource;
    }

    private void AddAnchors(JsonElement element, string pointer, SchemaResource resource)
    {
        if (element.TryGetProperty("$anchor", out var anchor) && anchor.ValueKind == JsonValueKind.String)
            resource.Anchors[anchor.GetString()!] = pointer;
        if (element.TryGetProperty("$dynamicAnchor", out anchor) && anchor.ValueKind == JsonValueKind.String)
        {
            string name = anchor.GetString()!;
            resource.Anchors[name] = pointer;
            _dynamicAnchors[name] = _dynamicAnchors.GetValueOrDefault(name) + 1;
        }
    }

    private SchemaDialect DialectOf(JsonElement element, string pointer, SchemaDialect inherited)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("$schema", out var schema)
            || schema.ValueKind != JsonValueKind.String)
        {
            return inherited;
        }

        string name = schema.GetString()!;
        if (!name.Contains("json-schema.org/", StringComparison.Ordinal))
            _context.Refuse("$schema", pointer, $"'{name}' is a dialect that is not known; leave $schema out if the schema is one of draft 2020-12");
        if (name.Contains("draft-03", StringComparison.Ordinal) || name.Contains("draft-04", StringComparison.Ordinal)) return SchemaDialect.Draft4;
        if (name.Contains("draft-06", StringComparison.Ordinal) || name.Contains("draft-07", StringComparison.Ordinal)) return SchemaDialect.Draft7;
        return SchemaDialect.Draft2020;
    }

    private int Intern(string text)
    {
        if (!_identities.TryGetValue(text, out int identity)) _identities[text] = identity = _identities.Count;
        return identity;
    }

    private static string Join(string pointer, string token) =>
        $"{pointer}/{token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static JsonSchemaException Unresolved(SchemaNode from, string keyword, string reference) =>
        new(keyword, from.Pointer, $"'{reference}' points to nothing in the document");
}
