namespace Microscale.Guard.Grammar;

/// <summary>The white space that generated JSON may hold between its tokens.</summary>
public enum JsonWhitespace
{
    /// <summary>
    /// An optional single space after <c>,</c> and <c>:</c>, nothing elsewhere. Models write good JSON this way, and cannot
    /// loop in white space.
    /// </summary>
    Compact,

    /// <summary>None. The shortest text; some models answer worse, because they have learned a space after a colon.</summary>
    None,

    /// <summary>Between any two tokens up to <see cref="JsonSchemaGrammarOptions.MaxWhitespace"/> characters of white space.</summary>
    Flexible,
}
