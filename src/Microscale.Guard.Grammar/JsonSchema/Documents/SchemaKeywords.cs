namespace Microscale.Guard.Grammar;

/// <summary>What the value of a keyword is.</summary>
internal enum KeywordValue
{
    Data,
    Schema,
    SchemaList,
    SchemaMap,
    /// <summary>A map whose values are schemas, or lists of names (draft 7's <c>dependencies</c>).</summary>
    Dependencies,
    /// <summary>A schema or a list of schemas (<c>items</c> before 2020-12).</summary>
    SchemaOrList,
    /// <summary>Says nothing about what is valid.</summary>
    Annotation,
}

internal static class SchemaKeywords
{
    public static KeywordValue ValueOf(string keyword) => keyword switch
    {
        "additionalProperties" or "additionalItems" or "unevaluatedProperties" or "unevaluatedItems" or "contains"
            or "propertyNames" or "not" or "if" or "then" or "else" => KeywordValue.Schema,
        "items" => KeywordValue.SchemaOrList,
        "allOf" or "anyOf" or "oneOf" or "prefixItems" => KeywordValue.SchemaList,
        "properties" or "patternProperties" or "$defs" or "definitions" or "dependentSchemas" => KeywordValue.SchemaMap,
        "dependencies" => KeywordValue.Dependencies,
        "title" or "description" or "default" or "examples" or "$comment" or "deprecated" or "readOnly" or "writeOnly"
            => KeywordValue.Annotation,
        _ => KeywordValue.Data,
    };
}
