namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Schemas as applications have them, with instances, for when no larger set is at hand.</summary>
internal static class MaskBenchmarkSchemas
{
    public static IReadOnlyList<(string Schema, string[] Instances)> All { get; } =
    [
        ("""
         {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "maximum": 14},
          "unit": {"enum": ["celsius", "fahrenheit"]}}, "required": ["city"], "additionalProperties": false}
         """,
         ["""{"city": "Reykjavík", "days": 7, "unit": "celsius"}""", """{"city": "Ulan Bator"}"""]),
        ("""
         {"type": "object", "properties": {"answer": {"type": ["string", "null"], "maxLength": 300}, "sources": {"type": "array",
          "items": {"type": "object", "properties": {"id": {"type": "string", "pattern": "^[a-z]{2,8}-[0-9]{1,6}$"}, "quote": {"type": "string", "minLength": 1}},
          "required": ["id", "quote"], "additionalProperties": false}, "maxItems": 8}}, "required": ["answer", "sources"], "additionalProperties": false}
         """,
         ["""{"answer": "The bridge was opened in 1932.", "sources": [{"id": "doc-17", "quote": "opened on 19 March 1932"}, {"id": "news-4", "quote": "a crowd of \"hundreds of thousands\""}]}""",
          """{"answer": null, "sources": []}"""]),
        ("""
         {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}, "placed": {"type": "string", "format": "date-time"},
          "total": {"type": "number", "minimum": 0, "multipleOf": 0.01}, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
          "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/line"}}},
          "required": ["id", "placed", "lines"], "$defs": {"line": {"type": "object", "properties": {"sku": {"type": "string", "minLength": 3, "maxLength": 20},
          "quantity": {"type": "integer", "minimum": 1}, "note": {"type": "string", "maxLength": 120}}, "required": ["sku", "quantity"]}}}
         """,
         ["""{"id": "8f14e45f-ceea-4672-a3b1-0d9a5c1f2e77", "placed": "2024-02-29T12:30:00Z", "total": 129.95, "currency": "EUR", "lines": [{"sku": "AB-1002", "quantity": 2, "note": "gift wrap, please"}, {"sku": "ZX-77", "quantity": 1}]}"""]),
        ("""
         {"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": ["number", "string", "boolean"]},
          "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "required": ["name"], "additionalProperties": false}}}
         """,
         ["""{"name": "root", "children": [{"name": "left", "value": 3.5}, {"name": "right", "value": "leaf", "children": [{"name": "deep", "value": true, "children": []}]}]}"""]),
        ("""
         {"oneOf": [{"type": "object", "properties": {"kind": {"const": "circle"}, "radius": {"type": "number", "exclusiveMinimum": 0}}, "required": ["kind", "radius"], "additionalProperties": false},
          {"type": "object", "properties": {"kind": {"const": "box"}, "width": {"type": "number"}, "height": {"type": "number"}}, "required": ["kind", "width", "height"], "additionalProperties": false}]}
         """,
         ["""{"kind": "circle", "radius": 2.75}""", """{"kind": "box", "width": 10, "height": 0.5}"""]),
        ("""
         {"type": "object", "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 80}, "email": {"type": "string", "format": "email"},
          "tags": {"type": "array", "items": {"type": "string"}}, "settings": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}}, "required": ["name"]}
         """,
         ["""{"name": "Zoë Müller", "email": "zoe@example.org", "tags": ["admin", "beta tester"], "settings": {"theme": "dark", "font size": 14, "news": false}, "extra": {"a": [1, 2, {"b": null}]}}"""]),
    ];
}
