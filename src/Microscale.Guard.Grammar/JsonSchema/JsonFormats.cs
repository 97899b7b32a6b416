namespace Microscale.Guard.Grammar;

/// <summary>What the keyword <c>format</c> means.</summary>
public enum JsonFormats
{
    /// <summary>The formats that are known constrain the text; an unknown format is a warning.</summary>
    Assert,

    /// <summary>Formats are annotations, as draft 2020-12 has them by default: they constrain nothing.</summary>
    Annotate,
}
