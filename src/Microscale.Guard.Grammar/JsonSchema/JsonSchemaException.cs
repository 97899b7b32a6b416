namespace Microscale.Guard.Grammar;

/// <summary>
/// A JSON Schema that cannot become a grammar: malformed, beyond a limit, or with a keyword that no grammar expresses exactly.
/// </summary>
public sealed class JsonSchemaException : Exception
{
    /// <summary>Creates an exception without a place.</summary>
    public JsonSchemaException() : this("The JSON Schema cannot be compiled.")
    {
    }

    /// <summary>Creates an exception without a place.</summary>
    /// <param name="message">What is wrong and what to change.</param>
    public JsonSchemaException(string message) : base(message)
    {
    }

    /// <summary>Creates an exception without a place.</summary>
    /// <param name="message">What is wrong and what to change.</param>
    /// <param name="innerException">The cause.</param>
    public JsonSchemaException(string message, Exception innerException) : base(message, innerException)
    {
    }

    internal JsonSchemaException(string keyword, string pointer, string reason)
        : base($"{keyword} at #{pointer}: {reason}")
    {
        Keyword = keyword;
        JsonPointer = pointer;
    }

    /// <summary>The keyword that is at fault; empty where it is the schema as a whole.</summary>
    public string Keyword { get; } = "";

    /// <summary>The JSON pointer (RFC 6901) of the schema that holds the keyword; empty for the root.</summary>
    public string JsonPointer { get; } = "";

    /// <summary>Whether the schema is well-formed, but no value is valid under it.</summary>
    public bool AllowsNothing { get; internal init; }
}
