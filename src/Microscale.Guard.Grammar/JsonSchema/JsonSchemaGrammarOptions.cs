namespace Microscale.Guard.Grammar;

/// <summary>How a JSON Schema becomes a grammar. Not thread-safe while it is changed.</summary>
public sealed class JsonSchemaGrammarOptions
{
    /// <summary>The white space between tokens.</summary>
    /// <value>The default is <see cref="JsonWhitespace.Compact"/>.</value>
    public JsonWhitespace Whitespace { get; set; } = JsonWhitespace.Compact;

    /// <summary>The characters of white space between two tokens at most, with <see cref="JsonWhitespace.Flexible"/>.</summary>
    /// <value>The default is 16; 1 to 256.</value>
    public int MaxWhitespace { get; set; } = 16;

    /// <summary>What the keyword <c>format</c> means.</summary>
    /// <value>The default is <see cref="JsonFormats.Assert"/>.</value>
    public JsonFormats Formats { get; set; } = JsonFormats.Assert;

    /// <summary>
    /// Whether a keyword that a grammar cannot express exactly is dropped with a warning, instead of an exception. What is
    /// generated then needs a check by a validator.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Lenient { get; set; }

    /// <summary>The subschemas of a schema at most, embedded ones and definitions included.</summary>
    /// <value>The default is 50,000.</value>
    public int MaxSubschemas { get; set; } = 50_000;

    /// <summary>The alternatives at most into which one subschema may fall apart (<c>anyOf</c>, <c>not</c> and the like).</summary>
    /// <value>The default is 512.</value>
    public int MaxAlternatives { get; set; } = 512;

    /// <summary>The symbols of the grammar at most.</summary>
    /// <value>The default is 400,000.</value>
    public int MaxSymbols { get; set; } = 400_000;

    internal void Validate()
    {
        Check(Enum.IsDefined(Whitespace), nameof(Whitespace), "choose Compact, None or Flexible");
        Check(Enum.IsDefined(Formats), nameof(Formats), "choose Assert or Annotate");
        Check(MaxWhitespace is >= 1 and <= 256, nameof(MaxWhitespace), "choose 1 to 256 characters");
        Check(MaxSubschemas > 0, nameof(MaxSubschemas), "choose a positive number");
        Check(MaxAlternatives > 0, nameof(MaxAlternatives), "choose a positive number");
        Check(MaxSymbols > 0, nameof(MaxSymbols), "choose a positive number");
    }

    private static void Check(bool good, string name, string remedy)
    {
        if (!good) throw new ArgumentException($"{nameof(JsonSchemaGrammarOptions)}.{name} is out of range: {remedy}.", name);
    }
}
